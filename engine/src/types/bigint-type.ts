import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import { readBigint, writeBigint } from './bigint-bytes.ts'
import { appendOrderedBigint } from './ordered-encoding.ts'
import { mismatch } from './type-mismatch.ts'
import type { SerializerSnapshot } from './type-serializer.ts'
import { ValueType } from './value-type.ts'

/** Integers of any size, up to 64 MiB each. */
export class BigintType extends ValueType<bigint> {
  readonly name: string = 'bigint'
  readonly snapshot: SerializerSnapshot = { kind: 'bigint', version: 1 }

  accepts(value: unknown): boolean {
    return typeof value === 'bigint'
  }

  serialize(value: bigint, output: ByteWriter): void {
    if (typeof value !== 'bigint') throw mismatch('bigint', value)
    writeBigint(value, output)
  }

  deserialize(input: ByteReader): bigint {
    return readBigint(input)
  }

  appendOrdered(value: bigint, output: ByteWriter): void {
    if (typeof value !== 'bigint') throw mismatch('bigint', value)
    appendOrderedBigint(value, output)
  }

  override equals(left: bigint, right: bigint): boolean {
    return left === right
  }

  override compare(left: bigint, right: bigint): number {
    return left < right ? -1 : left > right ? 1 : 0
  }
}
