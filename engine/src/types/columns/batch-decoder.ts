import type { TextBytes } from '../../base/text-bytes.ts'
import { utf8Decoder } from '../../base/text-codec.ts'
import { NO_TIMESTAMP, RECORD_BATCH_CAPACITY, RecordBatch } from '../../core/record-batch.ts'
import type { TypeRegistry } from '../type-registry.ts'
import { FRAME_HEADER_BYTES, TimestampKind } from './batch-encoder.ts'
import type { ReadKind, ShapeBuilder, ShapeLoops } from './column-kind.ts'
import { ColumnReader, corrupt } from './column-reader.ts'
import { aligned, type FrameMemory } from './frame-buffer.ts'
import { generatedLoops } from './generated-loops.ts'
import { leafCount, parseShape } from './record-shape.ts'

/** More records than any batch has. */
const MAX_ROWS = 1 << 24

interface DecodedShape {
  readonly loops: ShapeLoops
  readonly leaves: number
  /** The columns of the last frame by leaf, and the builder for their kinds. */
  readonly kinds: ReadKind[]
  readonly starts: number[]
  readonly arrays: (readonly unknown[])[]
  builder: ShapeBuilder | undefined
}

/** Decodes the frames of one channel, in order, into fresh rows. */
export class BatchDecoder {
  readonly #reader: ColumnReader
  readonly #shapes = new Map<number, DecodedShape>()
  #rows: unknown[] = []

  constructor(text: TextBytes, registry: TypeRegistry) {
    this.#reader = new ColumnReader(text, registry)
  }

  /**
   * Decodes a frame into an empty batch, or a larger one in its place. Nothing of `memory` is kept.
   * @param at where the frame begins, a multiple of eight; @param length its bytes
   * @throws CORRUPT_DATA if it is no frame that follows those before
   */
  decode(memory: FrameMemory, at: number, length: number, empty: RecordBatch): RecordBatch {
    const end = at + length
    if (length < FRAME_HEADER_BYTES || end > memory.bytes.length) throw corrupt('is too short')
    const header = at >> 2
    const rows = memory.ints[header] as number
    const groups = memory.ints[header + 1] as number
    if (rows < 1 || rows > MAX_ROWS || rows > length * 8) throw corrupt(`claims ${rows} records`)
    const batch = rows > RECORD_BATCH_CAPACITY ? new RecordBatch(rows) : empty
    let next = this.#timestamps(memory, at, end, rows, batch.timestamps)
    const announced = memory.ints[header + 3] as number
    for (let i = 0; i < announced; i++) next = this.#announcement(memory, next, end)
    if (groups > 1) batch.values.length = rows
    let decoded = 0
    for (let group = 0; group < groups; group++) {
      const start = aligned(next) >> 2
      const count = memory.ints[start + 1] as number
      decoded += count
      if (count < 1 || decoded > rows) throw corrupt(`has a group of ${count} records`)
      const shape = this.#shapes.get(memory.ints[start] as number)
      if (shape === undefined) throw corrupt(`uses shape ${memory.ints[start]}, never announced`)
      const positions = groups === 1 ? undefined : start + 2
      const columns = (start + 2 + (positions === undefined ? 0 : count)) * 4
      next = this.#group(memory, columns, end, { shape, count, positions }, batch.values)
    }
    if (decoded !== rows) throw corrupt(`has ${decoded} records in place of ${rows}`)
    batch.length = rows
    return batch
  }

  #timestamps(
    memory: FrameMemory,
    at: number,
    end: number,
    rows: number,
    target: Float64Array,
  ): number {
    const kind = memory.ints[(at >> 2) + 2]
    const start = at + FRAME_HEADER_BYTES
    const first = start >> 3
    const count = kind === TimestampKind.EACH ? rows : kind === TimestampKind.SAME ? 1 : 0
    if (start + count * 8 > end) throw corrupt('ends before its timestamps')
    if (count === rows) target.set(memory.doubles.subarray(first, first + rows))
    else target.fill(count === 1 ? (memory.doubles[first] as number) : NO_TIMESTAMP, 0, rows)
    return start + count * 8
  }

  #announcement(memory: FrameMemory, at: number, end: number): number {
    const start = aligned(at)
    const id = memory.ints[start >> 2] as number
    const size = memory.ints[(start >> 2) + 1] as number
    const text = start + 8
    if (size < 1 || text + size > end) throw corrupt('ends within a shape')
    const node = parseShape(textOf(memory.bytes, text, size))
    this.#shapes.set(id, {
      loops: generatedLoops(node),
      leaves: leafCount(node),
      kinds: [],
      starts: [],
      arrays: [],
      builder: undefined,
    })
    return text + size
  }

  /** Decodes the records of one shape. @returns where the next group begins */
  #group(
    memory: FrameMemory,
    at: number,
    end: number,
    group: {
      readonly shape: DecodedShape
      readonly count: number
      readonly positions: number | undefined
    },
    values: unknown[],
  ): number {
    const { shape, count, positions } = group
    const reader = this.#reader
    reader.begin(memory, at, end)
    const { kinds, starts, arrays } = shape
    for (let leaf = 0; leaf < shape.leaves; leaf++) {
      const column = reader.next(count)
      if (kinds[leaf] !== column.kind) {
        kinds[leaf] = column.kind
        shape.builder = undefined
      }
      starts[leaf] = column.start
      arrays[leaf] = column.values
    }
    shape.builder ??= shape.loops.builder([...kinds])
    const build = shape.builder
    const { bytes, ints, doubles } = memory
    const columns = { bytes, ints, doubles, starts, arrays }
    if (positions === undefined) {
      build(count, columns, values)
      return reader.at
    }
    const rows = this.#rows
    build(count, columns, rows)
    const total = values.length
    for (let i = 0; i < count; i++) {
      const position = memory.ints[positions + i] as number
      if (position < 0 || position >= total) throw corrupt(`puts a record at ${position}`)
      values[position] = rows[i]
    }
    this.#rows = rows.length > RECORD_BATCH_CAPACITY ? [] : rows
    return reader.at
  }
}

function textOf(bytes: Uint8Array, at: number, size: number): string {
  try {
    // Text decoders refuse shared memory.
    return utf8Decoder.decode(bytes.slice(at, at + size))
  } catch {
    throw corrupt('names a shape in bytes that are no text')
  }
}
