import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import type { CodecNode } from './codec/codec-node.ts'
import { appendOrderedString } from './ordered-encoding.ts'
import { hashOrderedString } from './ordered-hash.ts'
import { mismatch } from './type-mismatch.ts'
import type { SerializerSnapshot } from './type-serializer.ts'
import { ValueType } from './value-type.ts'

/** Strings, unpaired surrogates included, in the order of UTF-16 units. */
export class StringType extends ValueType<string> {
  readonly name: string = 'string'
  readonly snapshot: SerializerSnapshot = { kind: 'string', version: 1 }

  override get codecNode(): CodecNode {
    return { kind: 'string' }
  }

  accepts(value: unknown): boolean {
    return typeof value === 'string'
  }

  serialize(value: string, output: ByteWriter): void {
    if (typeof value !== 'string') throw mismatch('string', value)
    output.string(value)
  }

  deserialize(input: ByteReader): string {
    return input.string()
  }

  appendOrdered(value: string, output: ByteWriter): void {
    if (typeof value !== 'string') throw mismatch('string', value)
    appendOrderedString(value, output)
  }

  override equals(left: string, right: string): boolean {
    return left === right
  }

  override compare(left: string, right: string): number {
    return left < right ? -1 : left > right ? 1 : 0
  }

  override hash(value: string): number {
    return hashOrderedString(value)
  }
}
