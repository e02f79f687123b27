import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import { compareNumbers } from './number-type.ts'
import { appendOrderedDate } from './ordered-encoding.ts'
import { mismatch } from './type-mismatch.ts'
import type { SerializerSnapshot } from './type-serializer.ts'
import { ValueType } from './value-type.ts'

/** Dates as milliseconds since 1970; the invalid date is a value too, above all others. */
export class DateType extends ValueType<Date> {
  readonly name: string = 'date'
  readonly snapshot: SerializerSnapshot = { kind: 'date', version: 1 }

  accepts(value: unknown): boolean {
    return value instanceof Date
  }

  serialize(value: Date, output: ByteWriter): void {
    if (!(value instanceof Date)) throw mismatch('date', value)
    output.f64(value.getTime())
  }

  deserialize(input: ByteReader): Date {
    return readDate(input)
  }

  appendOrdered(value: Date, output: ByteWriter): void {
    if (!(value instanceof Date)) throw mismatch('date', value)
    appendOrderedDate(value, output)
  }

  override equals(left: Date, right: Date): boolean {
    return Object.is(left.getTime(), right.getTime())
  }

  override compare(left: Date, right: Date): number {
    return compareNumbers(left.getTime(), right.getTime())
  }
}

/**
 * Reads the milliseconds of a date.
 * @throws CORRUPT_DATA if no date has these milliseconds.
 */
export function readDate(input: ByteReader): Date {
  const ms = input.f64()
  const date = new Date(ms)
  if (!Object.is(date.getTime(), ms)) throw input.corrupt(`${ms} ms, which no date has`)
  return date
}
