import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import type { CodecNode } from './codec/codec-node.ts'
import { ORDERED_END, OrderedTag } from './ordered-encoding.ts'
import type { TypeInformation } from './type-information.ts'
import { atStep, mismatch } from './type-mismatch.ts'
import type { SerializerSnapshot, TypeSerializer } from './type-serializer.ts'
import { codecNodeOf, interpreted, ValueType } from './value-type.ts'

/** Arrays of any length whose elements have one type. */
export class ArrayType<T> extends ValueType<T[]> {
  readonly name: string
  readonly #element: TypeInformation<T>
  readonly #serializer: TypeSerializer<T>

  constructor(element: TypeInformation<T>) {
    super()
    this.name = `array(${element.name})`
    this.#element = element
    this.#serializer = interpreted(element)
  }

  get snapshot(): SerializerSnapshot {
    return { kind: 'array', version: 1, parameters: { element: this.#serializer.snapshot } }
  }

  override get codecNode(): CodecNode {
    return { kind: 'array', element: codecNodeOf(this.#element) }
  }

  accepts(value: unknown): boolean {
    if (!Array.isArray(value)) return false
    for (let i = 0; i < value.length; i++) if (!this.#element.accepts(value[i])) return false
    return true
  }

  serialize(value: T[], output: ByteWriter): void {
    if (!Array.isArray(value)) throw mismatch(this.name, value)
    const serializer = this.#serializer
    output.varint(value.length)
    let i = 0
    try {
      for (; i < value.length; i++) serializer.serialize(value[i] as T, output)
    } catch (error) {
      throw atStep(error, `[${i}]`)
    }
  }

  deserialize(input: ByteReader): T[] {
    const serializer = this.#serializer
    const count = input.count()
    const value: T[] = []
    for (let i = 0; i < count; i++) value.push(serializer.deserialize(input))
    return value
  }

  appendOrdered(value: T[], output: ByteWriter): void {
    if (!Array.isArray(value)) throw mismatch(this.name, value)
    output.u8(OrderedTag.ARRAY)
    let i = 0
    try {
      for (; i < value.length; i++) this.#element.appendOrdered(value[i] as T, output)
    } catch (error) {
      throw atStep(error, `[${i}]`)
    }
    output.u8(ORDERED_END)
  }
}
