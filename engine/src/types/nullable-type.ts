import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import type { CodecNode } from './codec/codec-node.ts'
import { OrderedTag } from './ordered-encoding.ts'
import type { TypeInformation } from './type-information.ts'
import type { SerializerSnapshot, TypeSerializer } from './type-serializer.ts'
import { codecNodeOf, interpreted, ValueType } from './value-type.ts'

/** The values of a type and `null`, which is below all of them. */
export class NullableType<T> extends ValueType<T | null> {
  readonly name: string
  readonly #value: TypeInformation<T>
  readonly #serializer: TypeSerializer<T>

  constructor(value: TypeInformation<T>) {
    super()
    this.name = `nullable(${value.name})`
    this.#value = value
    this.#serializer = interpreted(value)
  }

  get snapshot(): SerializerSnapshot {
    return { kind: 'nullable', version: 1, parameters: { value: this.#serializer.snapshot } }
  }

  override get codecNode(): CodecNode {
    return { kind: 'nullable', value: codecNodeOf(this.#value) }
  }

  accepts(value: unknown): boolean {
    return value === null || this.#value.accepts(value)
  }

  serialize(value: T | null, output: ByteWriter): void {
    output.u8(value === null ? 0 : 1)
    if (value !== null) this.#serializer.serialize(value, output)
  }

  deserialize(input: ByteReader): T | null {
    const byte = input.u8()
    if (byte === 0) return null
    if (byte > 1) throw input.corrupt(`byte ${byte}, where 0 is null and 1 a value`)
    return this.#serializer.deserialize(input)
  }

  appendOrdered(value: T | null, output: ByteWriter): void {
    if (value === null) output.u8(OrderedTag.NULL)
    else this.#value.appendOrdered(value, output)
  }
}
