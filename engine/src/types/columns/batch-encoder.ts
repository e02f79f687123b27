import type { TextBytes } from '../../base/text-bytes.ts'
import { utf8Encoder } from '../../base/text-codec.ts'
import type { RecordBatch } from '../../core/record-batch.ts'
import type { TypeRegistry } from '../type-registry.ts'
import { ColumnWriter } from './column-writer.ts'
import { FrameBuffer } from './frame-buffer.ts'
import { LEAF, type ShapeNode, shapeOf, shapeText } from './record-shape.ts'
import { ShapeEncoder } from './shape-encoder.ts'

/** Beyond this many shapes in one channel, records of further shapes are values of one column. */
const MAX_SHAPES = 64

/** How the timestamps of a frame are written. Numbers are part of the format. */
export const TimestampKind = { NONE: 0, SAME: 1, EACH: 2 } as const

/** Rows, groups, kind of timestamps, and shapes announced: four 32-bit integers. */
export const FRAME_HEADER_BYTES = 16

interface Group {
  readonly shape: ShapeEncoder
  readonly rows: unknown[]
  /** Positions in the batch. */
  readonly positions: number[]
}

/**
 * Encodes the record batches of one channel as frames of columns. No type needs to be declared: the
 * shape of the records is observed, and announced in the first frame that uses it. Records of one
 * batch may have several shapes; each gets columns of its own.
 */
export class BatchEncoder {
  readonly #frame = new FrameBuffer()
  readonly #columns: ColumnWriter
  readonly #shapes = new Map<string, ShapeEncoder>()
  readonly #announced = new Set<ShapeEncoder>()
  #last: ShapeEncoder

  constructor(text: TextBytes, registry: TypeRegistry) {
    this.#columns = new ColumnWriter(this.#frame, text, registry)
    this.#last = this.#whole()
  }

  /**
   * Encodes a batch.
   * @returns the frame, valid until the next call
   * @throws TYPE_MISMATCH if a record is no data: it holds a function, or an instance of a class
   *   that the job has not registered
   */
  encode({ values, timestamps, length }: RecordBatch): FrameBuffer {
    const frame = this.#frame
    frame.reset()
    const groups = this.#gatherAsOne(values, length) ? undefined : this.#group(values, length)
    const used = groups?.map(({ shape }) => shape) ?? [this.#last]
    const fresh = used.filter((shape) => !this.#announced.has(shape))
    const header = frame.reserve(FRAME_HEADER_BYTES) >> 2
    frame.ints[header] = length
    frame.ints[header + 1] = used.length
    frame.ints[header + 3] = fresh.length
    frame.ints[header + 2] = this.#timestamps(timestamps, length)
    for (const shape of fresh) this.#announce(shape)
    if (groups === undefined) this.#write(this.#last, length, undefined)
    else {
      const several = groups.length > 1
      for (const { shape, rows, positions } of groups) {
        shape.gather(rows, rows.length, true)
        this.#write(shape, rows.length, several ? positions : undefined)
      }
    }
    return frame
  }

  /** Gathers records that all have the shape of the first. @returns false if one has another */
  #gatherAsOne(values: readonly unknown[], length: number): boolean {
    const first = this.#find(values[0])
    this.#last = first
    if (!first.isWhole) return first.gather(values, length, false)
    for (let i = 1; i < length; i++) if (this.#find(values[i]) !== first) return false
    return first.gather(values, length, true)
  }

  #group(values: readonly unknown[], length: number): readonly Group[] {
    const groups = new Map<ShapeEncoder, Group>()
    for (let position = 0; position < length; position++) {
      const shape = this.#find(values[position])
      this.#last = shape
      let group = groups.get(shape)
      if (group === undefined) {
        group = { shape, rows: [], positions: [] }
        groups.set(shape, group)
      }
      group.rows.push(values[position])
      group.positions.push(position)
    }
    return [...groups.values()]
  }

  /** The shape of a record: most often that of the one before. */
  #find(value: unknown): ShapeEncoder {
    const last = this.#last
    if (typeof value !== 'object' || value === null) return this.#whole()
    if (!last.isWhole && last.matches(value)) return last
    for (const shape of this.#shapes.values()) {
      if (!shape.isWhole && shape.matches(value)) return shape
    }
    const node = shapeOf(value)
    if (node.kind === 'leaf' || this.#shapes.size >= MAX_SHAPES) return this.#whole()
    return this.#shape(node)
  }

  /** The shape that every value has: one column of whole records. */
  #whole(): ShapeEncoder {
    return this.#shape(LEAF)
  }

  #shape(node: ShapeNode): ShapeEncoder {
    const text = node === LEAF ? '' : shapeText(node)
    let shape = this.#shapes.get(text)
    if (shape === undefined) {
      shape = new ShapeEncoder(this.#shapes.size, node)
      this.#shapes.set(text, shape)
    }
    return shape
  }

  #timestamps(timestamps: Float64Array, length: number): number {
    const first = timestamps[0] as number
    let same = true
    for (let i = 1; same && i < length; i++) {
      same = Object.is(timestamps[i], first)
    }
    if (same && Number.isNaN(first)) return TimestampKind.NONE
    const count = same ? 1 : length
    const at = this.#frame.reserve(count * 8) >> 3
    this.#frame.doubles.set(timestamps.subarray(0, count), at)
    return same ? TimestampKind.SAME : TimestampKind.EACH
  }

  #announce(shape: ShapeEncoder): void {
    this.#announced.add(shape)
    const text = shapeText(shape.node)
    const frame = this.#frame
    const room = frame.reserve(8 + text.length * 3)
    const { written } = utf8Encoder.encodeInto(text, frame.bytes.subarray(room + 8))
    frame.ints[room >> 2] = shape.id
    frame.ints[(room >> 2) + 1] = written
    frame.length = room + 8 + written
  }

  /** Writes the records of a shape, which it has gathered. */
  #write(shape: ShapeEncoder, count: number, positions: readonly number[] | undefined): void {
    const frame = this.#frame
    const at = frame.reserve(8 + (positions === undefined ? 0 : count * 4)) >> 2
    frame.ints[at] = shape.id
    frame.ints[at + 1] = count
    if (positions !== undefined) frame.ints.set(positions, at + 2)
    shape.write(count, this.#columns)
  }
}
