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
 * Maps. Maps of equal content are equal, so the order of insertion is not kept: entries are
 * written, and come back, in the order of their bytes.
 */
export class MapType<K, V> extends ValueType<Map<K, V>> {
  readonly name: string
  readonly #key: TypeInformation<K>
  readonly #value: TypeInformation<V>
  readonly #keySerializer: TypeSerializer<K>
  readonly #valueSerializer: TypeSerializer<V>

  constructor(key: TypeInformation<K>, value: TypeInformation<V>) {
    super()
    this.name = `map(${key.name}, ${value.name})`
    this.#key = key
    this.#value = value
    this.#keySerializer = interpreted(key)
    this.#valueSerializer = interpreted(value)
  }

  get snapshot(): SerializerSnapshot {
    const parameters = {
      key: this.#keySerializer.snapshot,
      value: this.#valueSerializer.snapshot,
    }
    return { kind: 'map', version: 1, parameters }
  }

  override get codecNode(): CodecNode {
    return { kind: 'map', key: codecNodeOf(this.#key), value: codecNodeOf(this.#value) }
  }

  accepts(value: unknown): boolean {
    if (!(value instanceof Map)) return false
    for (const [key, item] of value) {
      if (!this.#key.accepts(key) || !this.#value.accepts(item)) return false
    }
    return true
  }

  serialize(value: Map<K, V>, output: ByteWriter): void {
    if (!(value instanceof Map)) throw mismatch(this.name, value)
    output.varint(value.size)
    const starts: number[] = []
    try {
      for (const [key, item] of value) {
        starts.push(output.length)
        this.#keySerializer.serialize(key, output)
        this.#valueSerializer.serialize(item, output)
      }
    } catch (error) {
      throw atStep(error, `.entry(${starts.length - 1})`)
    }
    sortEntries(output, starts)
  }

  deserialize(input: ByteReader): Map<K, V> {
    const count = input.count()
    const value = new Map<K, V>()
    const order = new EntryOrderCheck(input)
    for (let i = 0; i < count; i++) {
      const key = this.#keySerializer.deserialize(input)
      value.set(key, this.#valueSerializer.deserialize(input))
      order.next()
    }
    if (value.size !== count) throw input.corrupt('a map with one key twice')
    return value
  }

  appendOrdered(value: Map<K, V>, output: ByteWriter): void {
    if (!(value instanceof Map)) throw mismatch(this.name, value)
    output.u8(OrderedTag.MAP)
    const starts: number[] = []
    try {
      for (const [key, item] of value) {
        starts.push(output.length)
        this.#key.appendOrdered(key, output)
        this.#value.appendOrdered(item, output)
      }
    } catch (error) {
      throw atStep(error, `.entry(${starts.length - 1})`)
    }
    sortEntries(output, starts)
    output.u8(ORDERED_END)
  }
}
