import { ByteWriter } from '../../base/byte-writer.ts'
import type { TextBytes } from '../../base/text-bytes.ts'
import type { GenericFormat } from '../generic-format.ts'
import { writeGeneric } from '../generic-writing.ts'
import type { TypeRegistry } from '../type-registry.ts'
import { ColumnKind } from './column-kind.ts'
import type { FrameBuffer } from './frame-buffer.ts'

/** A column's kind and the bytes of its content, ahead of the content. */
export const COLUMN_HEADER_BYTES = 8

/** Writes columns into a frame, each with a header of its kind and size. */
export class ColumnWriter {
  readonly #frame: FrameBuffer
  readonly #text: TextBytes
  readonly #format: GenericFormat
  readonly #generic = new ByteWriter(1_024)

  constructor(frame: FrameBuffer, text: TextBytes, registry: TypeRegistry) {
    this.#frame = frame
    this.#text = text
    this.#format = { registry, order: 'given' }
  }

  ints(values: Int32Array, count: number): void {
    const at = this.#begin(ColumnKind.INT, count * 4) >> 2
    this.#frame.ints.set(values.subarray(0, count), at)
  }

  /** @param integers true if every value is a 32-bit integer, and none is -0 */
  numbers(values: Float64Array, count: number, integers: boolean): void {
    if (integers) {
      const at = this.#begin(ColumnKind.INT, count * 4) >> 2
      const { ints } = this.#frame
      for (let i = 0; i < count; i++) ints[at + i] = values[i] as number
    } else {
      const at = this.#begin(ColumnKind.DOUBLE, count * 8) >> 3
      this.#frame.doubles.set(values.subarray(0, count), at)
    }
  }

  booleans(bits: Uint8Array, count: number): void {
    const at = this.#begin(ColumnKind.BOOLEAN, count)
    this.#frame.bytes.set(bits.subarray(0, count), at)
  }

  /** @param ends where each value ends in `joined`, in units */
  strings(joined: string, ends: Int32Array, count: number): void {
    const frame = this.#frame
    const start = frame.length
    const at = this.#begin(ColumnKind.ASCII, count * 4 + joined.length)
    if (this.#text.writeAscii(joined, frame.bytes, at + count * 4)) {
      frame.ints.set(ends.subarray(0, count), at >> 2)
      return
    }
    frame.length = start
    this.#begin(ColumnKind.UNITS, count * 4 + joined.length * 2)
    frame.ints.set(ends.subarray(0, count), at >> 2)
    this.#text.writeUnits(joined, frame.bytes, at + count * 4)
  }

  /** Writes one string that all records of the column have. */
  same(value: string): void {
    this.#begin(ColumnKind.SAME, 0)
    this.strings(value, Int32Array.of(value.length), 1)
  }

  /**
   * Writes values of any kind: as a column of one kind if they are alike, null and undefined aside.
   * @throws TYPE_MISMATCH if a value is no data (a function, an instance of an unregistered class)
   */
  values(values: readonly unknown[], count: number): void {
    const kind = commonKind(values, count)
    if (kind === 'mixed') {
      this.#genericValues(values, count)
      return
    }
    const present: unknown[] = []
    for (let i = 0; i < count; i++) if (values[i] != null) present.push(values[i])
    if (present.length < count) {
      const at = this.#begin(ColumnKind.TAGGED, count)
      const { bytes } = this.#frame
      for (let i = 0; i < count; i++) {
        bytes[at + i] = values[i] === null ? 1 : values[i] === undefined ? 2 : 0
      }
    }
    if (kind === 'number') this.#alikeNumbers(present as readonly number[])
    else if (kind === 'string') this.#alikeStrings(present as readonly string[])
    else this.booleans(Uint8Array.from(present as readonly boolean[], Number), present.length)
  }

  #alikeNumbers(values: readonly number[]): void {
    const integers = values.every((value) => Object.is(value | 0, value))
    this.numbers(Float64Array.from(values), values.length, integers)
  }

  #alikeStrings(values: readonly string[]): void {
    let end = 0
    const ends = Int32Array.from(values, (value) => (end += value.length))
    this.strings(values.join(''), ends, values.length)
  }

  #genericValues(values: readonly unknown[], count: number): void {
    const output = this.#generic
    output.reset()
    for (let i = 0; i < count; i++) writeGeneric(values[i], output, this.#format, 0)
    const at = this.#begin(ColumnKind.GENERIC, output.length)
    this.#frame.bytes.set(output.view(), at)
  }

  #begin(kind: number, size: number): number {
    const at = this.#frame.reserve(COLUMN_HEADER_BYTES + size)
    this.#frame.ints[at >> 2] = kind
    this.#frame.ints[(at >> 2) + 1] = size
    return at + COLUMN_HEADER_BYTES
  }
}

/** What all values are that are neither null nor undefined; `boolean` if there are none. */
function commonKind(
  values: readonly unknown[],
  count: number,
): 'number' | 'string' | 'boolean' | 'mixed' {
  let common: 'number' | 'string' | 'boolean' | undefined
  for (let i = 0; i < count; i++) {
    const value = values[i]
    if (value === null || value === undefined) continue
    const kind = typeof value
    if (kind !== 'number' && kind !== 'string' && kind !== 'boolean') return 'mixed'
    if (common !== undefined && kind !== common) return 'mixed'
    common = kind
  }
  return common ?? 'boolean'
}
