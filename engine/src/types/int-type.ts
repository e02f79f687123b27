import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import type { CodecNode } from './codec/codec-node.ts'
import { appendOrderedNumber } from './ordered-encoding.ts'
import { hashOrderedNumber } from './ordered-hash.ts'
import { mismatch } from './type-mismatch.ts'
import type { SerializerSnapshot } from './type-serializer.ts'
import { ValueType } from './value-type.ts'

/** Safe integers, small ones in few bytes. An integer zero has no sign: -0 becomes 0. */
export class IntType extends ValueType<number> {
  readonly name: string = 'int'
  readonly snapshot: SerializerSnapshot = { kind: 'int', version: 1 }

  override get codecNode(): CodecNode {
    return { kind: 'int' }
  }

  accepts(value: unknown): boolean {
    return Number.isSafeInteger(value)
  }

  serialize(value: number, output: ByteWriter): void {
    if (!Number.isSafeInteger(value)) throw mismatch('int (a safe integer)', value)
    output.zigzag(value)
  }

  deserialize(input: ByteReader): number {
    return input.zigzag()
  }

  appendOrdered(value: number, output: ByteWriter): void {
    if (!Number.isSafeInteger(value)) throw mismatch('int (a safe integer)', value)
    appendOrderedNumber(value + 0, output)
  }

  override equals(left: number, right: number): boolean {
    return left === right
  }

  override compare(left: number, right: number): number {
    return left < right ? -1 : left > right ? 1 : 0
  }

  override hash(value: number): number {
    return hashOrderedNumber(value + 0)
  }
}
