import { EngineError, ErrorCode } from '../base/engine-error.ts'
import { describeValue } from './describe-value.ts'
import { GenericType } from './generic-type.ts'
import { unregistered } from './generic-writing.ts'
import { MAX_NESTING_DEPTH } from './nesting-limit.ts'
import { OptionalType } from './optional-type.ts'
import { isPlainObject, tooDeep } from './ordered-encoding.ts'
import type { TypeInformation } from './type-information.ts'
import { atStep, fieldStep, TypeMismatch } from './type-mismatch.ts'
import { TypeRegistry } from './type-registry.ts'
import { types } from './types.ts'

/** Options of {@link inferType}. */
export interface InferenceOptions {
  /** Classes with serializers of their own. */
  readonly registry?: TypeRegistry
  /** Told once for each place where the generic serializer has to step in. Default: nobody. */
  readonly warn?: (message: string) => void
}

/**
 * Infers a type from sample values. A sample says nothing of later values, so numbers become
 * `number` even when all are integers; a field absent from some objects becomes optional. Where
 * the samples do not agree, or say nothing, the type is `generic` and `warn` hears of it.
 *
 * ```ts
 * inferType([{ id: 'a', n: 1 }, { id: 'b' }]).name // => 'row(id: string, n?: number)'
 * ```
 *
 * @throws TYPE_MISMATCH for functions, symbols and instances of classes that are not registered;
 * the message says how to register one.
 */
export function inferType(
  values: Iterable<unknown>,
  options: InferenceOptions = {},
): TypeInformation<unknown> {
  const inference = new Inference(options.registry ?? new TypeRegistry(), options.warn)
  return inference.infer([...values], '', 0)
}

/** The kinds a sample may have; instances of classes are told apart by their registered name. */
function kindOf(value: unknown, registry: TypeRegistry): string {
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new TypeMismatch('', `${describeValue(value)} is not data; drop it from the value`)
  }
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  if (Array.isArray(value)) return 'array'
  if (isPlainObject(value)) return 'object'
  const type = registry.typeOf(value)
  if (type !== undefined) return `instance of ${type.name}`
  if (value instanceof Date) return 'date'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof Map) return 'map'
  if (value instanceof Set) return 'set'
  throw unregistered(value)
}

type AnyType = TypeInformation<unknown>

const PRIMITIVES: ReadonlyMap<string, AnyType> = new Map<string, AnyType>([
  ['string', types.string],
  ['number', types.number],
  ['boolean', types.boolean],
  ['bigint', types.bigint],
  ['date', types.date],
  ['bytes', types.bytes],
])

class Inference {
  readonly #registry: TypeRegistry
  readonly #warn: ((message: string) => void) | undefined

  constructor(registry: TypeRegistry, warn: ((message: string) => void) | undefined) {
    this.#registry = registry
    this.#warn = warn
  }

  /** The type of all `samples`, which stand at `path` inside the values. */
  infer(samples: readonly unknown[], path: string, depth: number): AnyType {
    if (depth > MAX_NESTING_DEPTH) throw atStep(tooDeep(), path)
    const kinds = this.#kindsOf(samples, path)
    const nullable = kinds.delete('null')
    const optional = kinds.delete('undefined')
    const some = samples.filter((sample) => sample !== null && sample !== undefined)
    let type = this.#agreed(kinds, some, path, depth)
    if (type instanceof GenericType) return type // it takes null and undefined itself
    if (nullable) type = types.nullable(type)
    return optional ? types.optional(type) : type
  }

  #kindsOf(samples: readonly unknown[], path: string): Set<string> {
    try {
      return new Set(samples.map((sample) => kindOf(sample, this.#registry)))
    } catch (error) {
      throw atStep(error, path)
    }
  }

  #agreed(
    kinds: ReadonlySet<string>,
    some: readonly unknown[],
    path: string,
    depth: number,
  ): AnyType {
    const [kind] = kinds
    if (kind === undefined) return this.#fallBack(path, 'no sample says what is there')
    if (kinds.size > 1)
      return this.#fallBack(path, `samples are ${[...kinds].sort().join(' and ')}`)
    const primitive = PRIMITIVES.get(kind)
    if (primitive !== undefined) return primitive
    switch (kind) {
      case 'array':
        return types.array(this.infer((some as unknown[][]).flat(), `${path}[]`, depth + 1))
      case 'set': {
        const elements = (some as Set<unknown>[]).flatMap((set) => [...set])
        return types.set(this.infer(elements, `${path}.element()`, depth + 1))
      }
      case 'map': {
        const keys = (some as Map<unknown, unknown>[]).flatMap((map) => [...map.keys()])
        const items = (some as Map<unknown, unknown>[]).flatMap((map) => [...map.values()])
        return types.map(
          this.infer(keys, `${path}.key()`, depth + 1),
          this.infer(items, `${path}.value()`, depth + 1),
        )
      }
      case 'object':
        return this.#row(some as Readonly<Record<string, unknown>>[], path, depth)
      default:
        return this.#registry.typeOf(some[0] as object)!
    }
  }

  #row(
    objects: readonly Readonly<Record<string, unknown>>[],
    path: string,
    depth: number,
  ): AnyType {
    const columns = new Map<string, unknown[]>()
    for (const object of objects) {
      for (const name of Object.keys(object)) {
        const column = columns.get(name)
        if (column === undefined) columns.set(name, [object[name]])
        else column.push(object[name])
      }
    }
    if (columns.has('__proto__')) {
      throw new EngineError(
        ErrorCode.TYPE_MISMATCH,
        `value${path}: a field named __proto__ is not safe; rename it before it reaches the stream`,
      )
    }
    const fields: [string, AnyType][] = []
    for (const [name, column] of columns) {
      const type = this.infer(column, path + fieldStep(name), depth + 1)
      // A field that is undefined in some samples is optional already.
      const absent = column.length < objects.length && !(type instanceof OptionalType)
      fields.push([name, absent ? types.optional(type) : type])
    }
    return types.row(Object.fromEntries(fields))
  }

  #fallBack(path: string, reason: string): AnyType {
    this.#warn?.(
      `the type of value${path} cannot be inferred (${reason}), so the generic serializer is ` +
        'used, which is slower and larger; declare it with types.row({ ... }) or another of `types`',
    )
    return types.generic(this.#registry)
  }
}
