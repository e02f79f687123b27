import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import type { GenericFormat } from './generic-format.ts'
import { readGeneric } from './generic-reading.ts'
import { acceptsGeneric, writeGeneric } from './generic-writing.ts'
import { appendOrderedValue, type OrderedEncoding } from './ordered-encoding.ts'
import { TypeRegistry } from './type-registry.ts'
import type { SerializerSnapshot } from './type-serializer.ts'
import { ValueType } from './value-type.ts'

/**
 * Any plain data, described in its own bytes: undefined, null, booleans, numbers, bigints, strings,
 * dates, bytes, arrays, plain objects, maps, sets, and instances of registered classes. Larger and
 * slower than a declared type, and deaf to misspelt fields.
 *
 * Equal values have equal bytes, so the order of fields and of map entries is not kept.
 */
export class GenericType extends ValueType<unknown> {
  readonly name: string = 'generic'
  readonly #format: GenericFormat
  readonly #ordered: OrderedEncoding

  /** @param registry the classes whose instances it takes; none if left out. */
  constructor(registry: TypeRegistry = new TypeRegistry()) {
    super()
    this.#format = { registry, order: 'canonical' }
    this.#ordered = {
      zeros: 'apart',
      appendInstance: (value, output) => {
        const type = registry.typeOf(value)
        type?.appendOrdered(value, output)
        return type !== undefined
      },
    }
  }

  get snapshot(): SerializerSnapshot {
    return {
      kind: 'generic',
      version: 1,
      parameters: { classes: this.#format.registry.versions() },
    }
  }

  accepts(value: unknown): boolean {
    return acceptsGeneric(value, this.#format)
  }

  serialize(value: unknown, output: ByteWriter): void {
    writeGeneric(value, output, this.#format, 0)
  }

  deserialize(input: ByteReader): unknown {
    return readGeneric(input, this.#format, 0)
  }

  appendOrdered(value: unknown, output: ByteWriter): void {
    appendOrderedValue(value, output, this.#ordered)
  }
}
