import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import { murmur32 } from '../base/murmur.ts'
import { compareBytes } from './compare-bytes.ts'
import { borrowScratch, returnScratch } from './scratch-writer.ts'
import type { TypeInformation } from './type-information.ts'
import type { SerializerSnapshot, TypeSerializer } from './type-serializer.ts'

/**
 * What the types of this folder share: each is its own serializer, and equality, order and hash
 * follow from the ordered bytes. A type overrides them where it can do so without bytes.
 */
export abstract class ValueType<T> implements TypeInformation<T>, TypeSerializer<T> {
  abstract readonly name: string
  abstract readonly snapshot: SerializerSnapshot
  abstract accepts(value: unknown): boolean
  abstract serialize(value: T, output: ByteWriter): void
  abstract deserialize(input: ByteReader): T
  abstract appendOrdered(value: T, output: ByteWriter): void

  get serializer(): TypeSerializer<T> {
    return this
  }

  equals(left: T, right: T): boolean {
    return this.compare(left, right) === 0
  }

  compare(left: T, right: T): number {
    const output = borrowScratch()
    try {
      this.appendOrdered(left, output)
      const middle = output.length
      this.appendOrdered(right, output)
      const bytes = output.view()
      return compareBytes(bytes.subarray(0, middle), bytes.subarray(middle))
    } finally {
      returnScratch(output)
    }
  }

  hash(value: T): number {
    const output = borrowScratch()
    try {
      this.appendOrdered(value, output)
      return murmur32(output.view())
    } finally {
      returnScratch(output)
    }
  }
}
