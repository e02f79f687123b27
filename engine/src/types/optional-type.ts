import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import type { CodecNode } from './codec/codec-node.ts'
import { OrderedTag } from './ordered-encoding.ts'
import type { TypeInformation } from './type-information.ts'
import type { SerializerSnapshot, TypeSerializer } from './type-serializer.ts'
import { codecNodeOf, interpreted, ValueType } from './value-type.ts'

/**
 * The values of a type and `undefined`, which is below all of them. As a field of a row it lets
 * the field be absent; a field that is present and `undefined` counts as absent there.
 */
export class OptionalType<T> extends ValueType<T | undefined> {
  readonly name: string
  /** The type of the values other than `undefined`. */
  readonly present: TypeInformation<T>
  readonly #serializer: TypeSerializer<T>

  constructor(present: TypeInformation<T>) {
    super()
    this.name = `optional(${present.name})`
    this.present = present
    this.#serializer = interpreted(present)
  }

  get snapshot(): SerializerSnapshot {
    return { kind: 'optional', version: 1, parameters: { value: this.#serializer.snapshot } }
  }

  override get codecNode(): CodecNode {
    return { kind: 'optional', value: codecNodeOf(this.present) }
  }

  accepts(value: unknown): boolean {
    return value === undefined || this.present.accepts(value)
  }

  serialize(value: T | undefined, output: ByteWriter): void {
    output.u8(value === undefined ? 0 : 1)
    if (value !== undefined) this.#serializer.serialize(value, output)
  }

  deserialize(input: ByteReader): T | undefined {
    const byte = input.u8()
    if (byte === 0) return undefined
    if (byte > 1) throw input.corrupt(`byte ${byte}, where 0 is undefined and 1 a value`)
    return this.#serializer.deserialize(input)
  }

  appendOrdered(value: T | undefined, output: ByteWriter): void {
    if (value === undefined) output.u8(OrderedTag.UNDEFINED)
    else this.present.appendOrdered(value, output)
  }
}
