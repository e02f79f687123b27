import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import { OrderedTag } from './ordered-encoding.ts'
import { mismatch } from './type-mismatch.ts'
import type { SerializerSnapshot } from './type-serializer.ts'
import { ValueType } from './value-type.ts'

/** `false` and `true`, in this order. */
export class BooleanType extends ValueType<boolean> {
  readonly name: string = 'boolean'
  readonly snapshot: SerializerSnapshot = { kind: 'boolean', version: 1 }

  accepts(value: unknown): boolean {
    return typeof value === 'boolean'
  }

  serialize(value: boolean, output: ByteWriter): void {
    if (typeof value !== 'boolean') throw mismatch('boolean', value)
    output.u8(value ? 1 : 0)
  }

  deserialize(input: ByteReader): boolean {
    const byte = input.u8()
    if (byte > 1) throw input.corrupt(`byte ${byte}, where a boolean is 0 or 1`)
    return byte === 1
  }

  appendOrdered(value: boolean, output: ByteWriter): void {
    if (typeof value !== 'boolean') throw mismatch('boolean', value)
    output.u8(value ? OrderedTag.TRUE : OrderedTag.FALSE)
  }

  override equals(left: boolean, right: boolean): boolean {
    return left === right
  }

  override compare(left: boolean, right: boolean): number {
    return Number(left) - Number(right)
  }
}
