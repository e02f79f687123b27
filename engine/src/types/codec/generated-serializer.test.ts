import { inspect } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader } from '../../base/byte-reader.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import { EngineError } from '../../base/engine-error.ts'
import type { TypeInformation } from '../type-information.ts'
import type { TypeSerializer } from '../type-serializer.ts'
import { types } from '../types.ts'
import { interpreted } from '../value-type.ts'
import { GeneratedSerializer } from './generated-serializer.ts'

/** A type with values of it. */
interface Sample {
  readonly type: TypeInformation<unknown>
  readonly value: fc.Arbitrary<unknown>
}

function sample<T>(type: TypeInformation<T>, value: fc.Arbitrary<unknown>): Sample {
  return { type: type as TypeInformation<unknown>, value }
}

const int = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.constantFrom(0, -0, 63, -65, 8_191))
const double = fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN))
const text = fc.oneof(fc.string(), fc.constantFrom('é', '\ud800', 'x'.repeat(60), 'é'.repeat(50)))

/** Takes functions too, such as those that rows inherit. */
const anything = types.custom<unknown>({
  name: 'anything',
  version: 1,
  accepts: () => true,
  serialize: (value, output) => output.string(typeof value === 'string' ? value : typeof value),
  deserialize: (input) => input.string(),
})

const scalar: fc.Arbitrary<Sample> = fc.constantFrom(
  sample(types.int, int),
  sample(types.number, double),
  sample(types.string, text),
  sample(types.boolean, fc.boolean()),
  sample(types.literal('a', 'b', '"'), fc.constantFrom('a', 'b', '"')),
  sample(types.bigint, fc.bigInt()),
  sample(types.date, fc.date()),
  sample(types.bytes, fc.uint8Array({ maxLength: 3 })),
  sample(types.generic(), fc.constantFrom<unknown>(null, 1, 'x', { a: [1] })),
  sample(anything, fc.constantFrom('string', 'text')),
  sample(types.tuple(), fc.constant([])),
  sample(types.row({}), fc.constant({})),
  sample(types.oneOf(types.row({ a: types.int }), types.string), fc.constantFrom({ a: 1 }, 'b')),
)

/** Most are identifiers; one is inherited by every object, and some code may not contain. */
const name = fc.constantFrom('a', 'b', 'c', 'd', '$e', 'id', 'toString', 'constructor', 'a b', '0')

/** A field that every object seems to have. */
const inherited = rowOf([['toString', true, sample(anything, fc.constant('text'))]])

const manyOptional = rowOf(
  Array.from({ length: 19 }, (_, index) => [`o${index}`, true, sample(types.int, int)]),
)

function rowOf(fields: readonly (readonly [string, boolean, Sample])[]): Sample {
  const declared: Record<string, TypeInformation<unknown>> = {}
  const values: Record<string, fc.Arbitrary<unknown>> = {}
  const required: string[] = []
  for (const [field, isOptional, { type, value }] of fields) {
    declared[field] = isOptional ? types.optional(type) : type
    values[field] = isOptional ? fc.option(value, { nil: undefined }) : value
    if (!isOptional) required.push(field)
  }
  return sample(types.row(declared), fc.record(values, { requiredKeys: required as [] }))
}

const samples = fc.letrec<{ any: Sample; made: Sample }>((tie) => ({
  any: fc.oneof({ depthSize: 'small' }, scalar, tie('made')),
  made: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(manyOptional, inherited),
    fc
      .uniqueArray(fc.tuple(name, fc.boolean(), tie('any')), {
        selector: ([field]) => field,
        maxLength: 12,
      })
      .map(rowOf),
    fc
      .array(tie('any'), { maxLength: 3 })
      .map((all) =>
        sample(
          types.tuple(...all.map(({ type }) => type)),
          fc.tuple(...all.map((each) => each.value)),
        ),
      ),
    tie('any').map(({ type, value }) => sample(types.array(type), fc.array(value, some))),
    tie('any').map(({ type, value }) =>
      sample(
        types.set(type),
        fc.array(value, some).map((all) => new Set(all)),
      ),
    ),
    fc.tuple(tie('any'), tie('any')).map(([key, item]) =>
      sample(
        types.map(key.type, item.type),
        fc.array(fc.tuple(key.value, item.value), some).map((all) => new Map(all)),
      ),
    ),
    tie('any').map(({ type, value }) => sample(types.nullable(type), fc.option(value))),
    tie('any').map(({ type, value }) =>
      sample(types.optional(type), fc.option(value, { nil: undefined })),
    ),
  ),
})).made

const some = { maxLength: 4 }

class Instance {}

/** The same fields on an object of a class, whose prototype would be lost. */
function instanceOf(value: object): object {
  return Object.assign(new Instance(), value)
}

const wrong = fc.oneof(
  fc.anything({ withNullPrototype: true, withMap: true, withSet: true }),
  fc.constantFrom<unknown>(0.5, null, undefined, Instance, () => 1, Symbol('s'), 2 ** 53),
)

/** The value with something else somewhere inside. */
function spoiled(value: unknown, other: unknown, path: readonly number[]): unknown {
  const [step, ...rest] = path
  if (typeof value !== 'object' || value === null) return other
  if (step === undefined) return other === Instance ? instanceOf(value) : other
  if (Array.isArray(value)) {
    const at = step % (value.length + 1)
    return value.toSpliced(at, 1, spoiled(value[at], other, rest))
  }
  if (value instanceof Map) {
    return new Map([...value].map(([key, item]) => [key, spoiled(item, other, rest)]))
  }
  if (value instanceof Set) return new Set([...value, other])
  const names = [...Object.keys(value), 'unknown']
  const at = names[step % names.length] as string
  return { ...value, [at]: spoiled((value as Record<string, unknown>)[at], other, rest) }
}

/** What becomes of a value: bytes, those before an error too, and the error. */
function written(serializer: TypeSerializer<unknown>, value: unknown): unknown {
  const output = new ByteWriter(16)
  output.u8(1)
  const error = thrown(() => serializer.serialize(value, output))
  return { error, bytes: [...output.view()] }
}

/** What becomes of bytes: a value, its fields in order, or an error; and where reading ended. */
function readFrom(serializer: TypeSerializer<unknown>, bytes: Uint8Array): unknown {
  const input = new ByteReader(bytes)
  let value: unknown
  const error = thrown(() => {
    value = serializer.deserialize(input)
  })
  // As text: it shows the order of fields, and a field `constructor` does not lead it astray.
  return { error, value: inspect(value, { depth: null }), position: input.position }
}

function thrown(run: () => void): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    if (!(error instanceof EngineError)) return String(error)
    return [error.code, error.message, Reflect.get(error, 'path')]
  }
}

function twins(
  type: TypeInformation<unknown>,
): readonly [GeneratedSerializer<unknown>, TypeSerializer<unknown>] {
  const generated = type.serializer
  const twin = interpreted(type)
  return [generated as GeneratedSerializer<unknown>, twin]
}

const settings = { seed: 20261127, numRuns: 1_500 }

test('generated code writes and refuses values as its interpreted twin does', () => {
  fc.assert(
    fc.property(
      samples.chain(({ type, value }) => fc.tuple(fc.constant(type), fc.array(value, some))),
      fc.array(fc.tuple(wrong, fc.array(fc.nat(5), { maxLength: 3 })), some),
      ([type, values], spoils) => {
        const [generated, twin] = twins(type)
        for (const value of values) {
          expect(written(generated, value)).toEqual(written(twin, value))
          for (const [other, path] of spoils) {
            const bad = spoiled(value, other, path)
            expect(written(generated, bad)).toEqual(written(twin, bad))
          }
        }
      },
    ),
    settings,
  )
})

test('generated code reads and refuses bytes as its interpreted twin does', () => {
  fc.assert(
    fc.property(
      samples.chain(({ type, value }) => fc.tuple(fc.constant(type), value)),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), some),
      fc.nat(),
      fc.uint8Array({ maxLength: 30 }),
      ([type, value], flips, cut, noise) => {
        const [generated, twin] = twins(type)
        const output = new ByteWriter()
        twin.serialize(value, output)
        const bytes = output.toBytes()
        expect(readFrom(generated, bytes)).toEqual(readFrom(twin, bytes))
        expect(written(twin, generated.deserialize(new ByteReader(bytes)))).toEqual(
          written(twin, value),
        )
        const short = bytes.subarray(0, cut % bytes.length)
        expect(readFrom(generated, short)).toEqual(readFrom(twin, short))
        expect(readFrom(generated, noise)).toEqual(readFrom(twin, noise))
        for (const [at, byte] of flips) {
          const damaged = bytes.slice()
          damaged[at % damaged.length] = byte
          expect(readFrom(generated, damaged)).toEqual(readFrom(twin, damaged))
        }
      },
    ),
    settings,
  )
})

test('a type of more fields than code should have is left to the twin', () => {
  const fields = Array.from({ length: 1_200 }, (_, index) => `field${index}`)
  const type = types.row(Object.fromEntries(fields.map((field) => [field, types.int])))
  const [generated, twin] = twins(type as TypeInformation<unknown>)
  const value = Object.fromEntries(fields.map((field, index) => [field, index]))
  expect(written(generated, value)).toEqual(written(twin, value))
  const output = new ByteWriter()
  twin.serialize(value, output)
  expect(readFrom(generated, output.view())).toEqual(readFrom(twin, output.view()))
})

test('types that are made of others have code, and only these', () => {
  expect(types.row({ id: types.int }).serializer).toBeInstanceOf(GeneratedSerializer)
  expect(types.row({ 'not a name': types.int }).serializer).not.toBeInstanceOf(GeneratedSerializer)
  expect(types.int.serializer).toBe(types.int)
})
