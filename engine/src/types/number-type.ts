import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import type { CodecNode } from './codec/codec-node.ts'
import { appendOrderedNumber } from './ordered-encoding.ts'
import { hashOrderedNumber } from './ordered-hash.ts'
import { mismatch } from './type-mismatch.ts'
import type { SerializerSnapshot } from './type-serializer.ts'
import { ValueType } from './value-type.ts'

/** Every double in eight bytes: -Infinity < ... < -0 < 0 < ... < Infinity < NaN. */
export class NumberType extends ValueType<number> {
  readonly name: string = 'number'
  readonly snapshot: SerializerSnapshot = { kind: 'number', version: 1 }

  override get codecNode(): CodecNode {
    return { kind: 'number' }
  }

  accepts(value: unknown): boolean {
    return typeof value === 'number'
  }

  serialize(value: number, output: ByteWriter): void {
    if (typeof value !== 'number') throw mismatch('number', value)
    output.f64(value)
  }

  deserialize(input: ByteReader): number {
    return input.f64()
  }

  appendOrdered(value: number, output: ByteWriter): void {
    if (typeof value !== 'number') throw mismatch('number', value)
    appendOrderedNumber(value, output)
  }

  override equals(left: number, right: number): boolean {
    return Object.is(left, right)
  }

  override compare(left: number, right: number): number {
    return compareNumbers(left, right)
  }

  override hash(value: number): number {
    return hashOrderedNumber(value)
  }
}

/** The order of all doubles by which {@link NumberType} compares. */
export function compareNumbers(left: number, right: number): number {
  if (left < right) return -1
  if (left > right) return 1
  if (Object.is(left, right)) return 0
  if (Number.isNaN(left)) return 1
  if (Number.isNaN(right)) return -1
  return Object.is(left, -0) ? -1 : 1
}
