import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import type { CodecNode } from './codec/codec-node.ts'
import { ORDERED_END, OrderedTag } from './ordered-encoding.ts'
import type { TypeInformation } from './type-information.ts'
import { atStep, mismatch } from './type-mismatch.ts'
import type { SerializerSnapshot, TypeSerializer } from './type-serializer.ts'
import { codecNodeOf, interpreted, ValueType } from './value-type.ts'

/** Arrays of a fixed length with a type for each place. */
export class TupleType<T extends readonly unknown[]> extends ValueType<T> {
  readonly name: string
  readonly #elements: readonly TypeInformation<unknown>[]
  readonly #serializers: readonly TypeSerializer<unknown>[]

  constructor(elements: readonly TypeInformation<unknown>[]) {
    super()
    this.name = `tuple(${elements.map((element) => element.name).join(', ')})`
    this.#elements = elements
    this.#serializers = elements.map(interpreted)
  }

  get snapshot(): SerializerSnapshot {
    const elements = this.#serializers.map((serializer) => serializer.snapshot)
    return { kind: 'tuple', version: 1, parameters: { elements } }
  }

  override get codecNode(): CodecNode {
    if (this.#elements.length === 0) return super.codecNode
    return { kind: 'tuple', elements: this.#elements.map(codecNodeOf) }
  }

  accepts(value: unknown): boolean {
    if (!Array.isArray(value) || value.length !== this.#elements.length) return false
    return this.#elements.every((element, i) => element.accepts(value[i]))
  }

  serialize(value: T, output: ByteWriter): void {
    this.#check(value)
    const serializers = this.#serializers
    if (serializers.length === 0) output.u8(0) // a value is never without bytes
    let i = 0
    try {
      for (; i < serializers.length; i++) serializers[i]!.serialize(value[i], output)
    } catch (error) {
      throw atStep(error, `[${i}]`)
    }
  }

  deserialize(input: ByteReader): T {
    const serializers = this.#serializers
    const value: unknown[] = []
    if (serializers.length === 0 && input.u8() !== 0) throw input.corrupt('no empty tuple')
    for (let i = 0; i < serializers.length; i++) value.push(serializers[i]!.deserialize(input))
    return value as readonly unknown[] as T
  }

  appendOrdered(value: T, output: ByteWriter): void {
    this.#check(value)
    output.u8(OrderedTag.ARRAY)
    let i = 0
    try {
      for (; i < value.length; i++) this.#elements[i]!.appendOrdered(value[i], output)
    } catch (error) {
      throw atStep(error, `[${i}]`)
    }
    output.u8(ORDERED_END)
  }

  #check(value: T): void {
    if (!Array.isArray(value) || value.length !== this.#serializers.length) {
      throw mismatch(this.name, value)
    }
  }
}
