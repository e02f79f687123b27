import { ByteReader } from '../../base/byte-reader.ts'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { TextBytes } from '../../base/text-bytes.ts'
import type { GenericFormat } from '../generic-format.ts'
import { readGeneric } from '../generic-reading.ts'
import type { TypeRegistry } from '../type-registry.ts'
import { ColumnKind, type ReadKind } from './column-kind.ts'
import { COLUMN_HEADER_BYTES } from './column-writer.ts'
import { aligned, type FrameMemory } from './frame-buffer.ts'

/**
 * A string cut out of a longer one keeps the whole of it alive, so a joined column is read in parts
 * of about this many units: a value that a program keeps in state costs no more than that.
 */
const JOINED_PART_UNITS = 1_024

/** A column of a frame: how it is to be read, and where. */
export interface ReadColumn {
  readonly kind: ReadKind
  readonly start: number
  readonly values: readonly unknown[]
}

const NO_VALUES: readonly unknown[] = Object.freeze([])

const NO_MEMORY: FrameMemory = {
  bytes: new Uint8Array(),
  ints: new Int32Array(),
  doubles: new Float64Array(),
}

/** Reads the columns of frames, one after the other. Every size is checked against the frame. */
export class ColumnReader {
  readonly #text: TextBytes
  readonly #format: GenericFormat
  #memory = NO_MEMORY
  #end = 0
  #at = 0

  constructor(text: TextBytes, registry: TypeRegistry) {
    this.#text = text
    this.#format = { registry, order: 'given' }
  }

  /** @param at where the first column begins; @param end where the frame ends, both in bytes */
  begin(memory: FrameMemory, at: number, end: number): void {
    this.#memory = memory
    this.#at = at
    this.#end = end
  }

  /** Where the next column begins. */
  get at(): number {
    return this.#at
  }

  /** Reads the header of a column of `count` values, and the values where they are no numbers. */
  next(count: number): ReadColumn {
    const header = aligned(this.#at)
    if (header + COLUMN_HEADER_BYTES > this.#end) throw corrupt('ends before a column')
    const kind = this.#memory.ints[header >> 2] as number
    const size = this.#memory.ints[(header >> 2) + 1] as number
    const start = header + COLUMN_HEADER_BYTES
    if (size < 0 || start + size > this.#end) throw corrupt(`has a column of ${size} bytes`)
    this.#at = start + size
    switch (kind) {
      case ColumnKind.INT:
        checkSize(size, count * 4)
        return { kind: 'int', start: start >> 2, values: NO_VALUES }
      case ColumnKind.DOUBLE:
        checkSize(size, count * 8)
        return { kind: 'double', start: start >> 3, values: NO_VALUES }
      case ColumnKind.BOOLEAN:
        checkSize(size, count)
        return { kind: 'boolean', start, values: NO_VALUES }
      case ColumnKind.ASCII:
        return array(this.#strings(start, size, count, 1))
      case ColumnKind.UNITS:
        return array(this.#strings(start, size, count, 2))
      case ColumnKind.GENERIC:
        return array(this.#generic(start, size, count))
      case ColumnKind.TAGGED:
        checkSize(size, count)
        return array(this.#tagged(start, count))
      case ColumnKind.SAME:
        return { kind: 'same', start: 0, values: [this.#same()] }
      default:
        throw corrupt(`has a column of kind ${kind}`)
    }
  }

  /** The strings of a column, cut from a few joined ones. Hot. */
  #strings(start: number, size: number, count: number, unitBytes: 1 | 2): readonly string[] {
    const { ints, bytes } = this.#memory
    const ends = start >> 2
    const text = start + count * 4
    const units = count === 0 ? 0 : (ints[ends + count - 1] as number)
    if (units < 0 || count * 4 + units * unitBytes !== size)
      throw corrupt('has strings that end late')
    const values = new Array<string>(count)
    let partStart = 0
    for (let row = 0, first = 0; row < count; row = first) {
      // The part from `row` on that is long enough, or ends the column.
      let partEnd = ints[ends + first++] as number
      while (first < count && partEnd - partStart < JOINED_PART_UNITS) {
        partEnd = ints[ends + first++] as number
      }
      if (partEnd < partStart || partEnd > units) throw corrupt('has strings out of order')
      const part =
        unitBytes === 1
          ? this.#text.readAscii(bytes, text + partStart, text + partEnd)
          : this.#text.readUnits(bytes, text + partStart * 2, text + partEnd * 2)
      let from = 0
      for (let i = row; i < first; i++) {
        const end = (ints[ends + i] as number) - partStart
        values[i] = part.slice(from, end)
        from = end
      }
      partStart = partEnd
    }
    return values
  }

  #generic(start: number, size: number, count: number): readonly unknown[] {
    const input = new ByteReader(this.#memory.bytes.slice(start, start + size))
    const values: unknown[] = []
    for (let i = 0; i < count; i++) values.push(readGeneric(input, this.#format, 0))
    return values
  }

  #tagged(start: number, count: number): readonly unknown[] {
    const tags = this.#memory.bytes.subarray(start, start + count)
    let present = 0
    for (const tag of tags) if (tag === 0) present++
    const column = this.next(present)
    const values: unknown[] = []
    for (let i = 0, next = 0; i < count; i++) {
      values.push(tags[i] === 0 ? this.#valueOf(column, next++) : tags[i] === 1 ? null : undefined)
    }
    return values
  }

  #same(): unknown {
    // A column of the same kind in turn would let a damaged frame nest them without end.
    const kind = this.#memory.ints[aligned(this.#at) >> 2]
    if (kind === ColumnKind.SAME || kind === ColumnKind.TAGGED) throw corrupt('has nested columns')
    return this.#valueOf(this.next(1), 0)
  }

  #valueOf({ kind, start, values }: ReadColumn, index: number): unknown {
    switch (kind) {
      case 'int':
        return this.#memory.ints[start + index]
      case 'double':
        return this.#memory.doubles[start + index]
      case 'boolean':
        return this.#memory.bytes[start + index] === 1
      case 'array':
        return values[index]
      case 'same':
        return values[0]
    }
  }
}

function array(values: readonly unknown[]): ReadColumn {
  return { kind: 'array', start: 0, values }
}

function checkSize(size: number, wanted: number): void {
  if (size !== wanted) throw corrupt(`has a column of ${size} bytes in place of ${wanted}`)
}

/** The error of a frame that cannot be what a sender wrote. */
export function corrupt(what: string): EngineError {
  return new EngineError(ErrorCode.CORRUPT_DATA, `a frame of records ${what}`)
}
