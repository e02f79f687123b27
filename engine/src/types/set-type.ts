import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import type { CodecNode } from './codec/codec-node.ts'
import { ORDERED_END, OrderedTag } from './ordered-encoding.ts'
import { EntryOrderCheck, sortEntries } from './sorted-entries.ts'
import type { TypeInformation } from './type-information.ts'
import { atStep, mismatch } from './type-mismatch.ts'
import type { SerializerSnapshot, TypeSerializer } from './type-serializer.ts'
import { codecNodeOf, interpreted, ValueType } from './value-type.ts'

/**
 * Sets. Sets of equal content are equal, so the order of insertion is not kept: elements are
 * written, and come back, in the order of their bytes.
 */
export class SetType<T> extends ValueType<Set<T>> {
  readonly name: string
  readonly #element: TypeInformation<T>
  readonly #serializer: TypeSerializer<T>

  constructor(element: TypeInformation<T>) {
    super()
    this.name = `set(${element.name})`
    this.#element = element
    this.#serializer = interpreted(element)
  }

  get snapshot(): SerializerSnapshot {
    return { kind: 'set', version: 1, parameters: { element: this.#serializer.snapshot } }
  }

  override get codecNode(): CodecNode {
    return { kind: 'set', element: codecNodeOf(this.#element) }
  }

  accepts(value: unknown): boolean {
    if (!(value instanceof Set)) return false
    for (const element of value) if (!this.#element.accepts(element)) return false
    return true
  }

  serialize(value: Set<T>, output: ByteWriter): void {
    if (!(value instanceof Set)) throw mismatch(this.name, value)
    output.varint(value.size)
    const starts: number[] = []
    try {
      for (const element of value) {
        starts.push(output.length)
        this.#serializer.serialize(element, output)
      }
    } catch (error) {
      throw atStep(error, `.element(${starts.length - 1})`)
    }
    sortEntries(output, starts)
  }

  deserialize(input: ByteReader): Set<T> {
    const count = input.count()
    const value = new Set<T>()
    const order = new EntryOrderCheck(input)
    for (let i = 0; i < count; i++) {
      value.add(this.#serializer.deserialize(input))
      order.next()
    }
    if (value.size !== count) throw input.corrupt('a set with one element twice')
    return value
  }

  appendOrdered(value: Set<T>, output: ByteWriter): void {
    if (!(value instanceof Set)) throw mismatch(this.name, value)
    output.u8(OrderedTag.SET)
    const starts: number[] = []
    try {
      for (const element of value) {
        starts.push(output.length)
        this.#element.appendOrdered(element, output)
      }
    } catch (error) {
      throw atStep(error, `.element(${starts.length - 1})`)
    }
    sortEntries(output, starts)
    output.u8(ORDERED_END)
  }
}
