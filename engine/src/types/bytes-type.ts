import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import { compareBytes, equalBytes } from './compare-bytes.ts'
import { appendOrderedBytes } from './ordered-encoding.ts'
import { mismatch } from './type-mismatch.ts'
import type { SerializerSnapshot } from './type-serializer.ts'
import { ValueType } from './value-type.ts'

/** Byte arrays. Subclasses such as Node's `Buffer` are taken too and come back as `Uint8Array`. */
export class BytesType extends ValueType<Uint8Array> {
  readonly name: string = 'bytes'
  readonly snapshot: SerializerSnapshot = { kind: 'bytes', version: 1 }

  accepts(value: unknown): boolean {
    return value instanceof Uint8Array
  }

  serialize(value: Uint8Array, output: ByteWriter): void {
    if (!(value instanceof Uint8Array)) throw mismatch('bytes (a Uint8Array)', value)
    output.varint(value.length)
    output.bytes(value)
  }

  deserialize(input: ByteReader): Uint8Array {
    return input.bytes(input.count())
  }

  appendOrdered(value: Uint8Array, output: ByteWriter): void {
    if (!(value instanceof Uint8Array)) throw mismatch('bytes (a Uint8Array)', value)
    appendOrderedBytes(value, output)
  }

  override equals(left: Uint8Array, right: Uint8Array): boolean {
    return equalBytes(left, right)
  }

  override compare(left: Uint8Array, right: Uint8Array): number {
    return compareBytes(left, right)
  }
}
