import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  snappyUncompress,
} from 'hyparquet'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { CompressionCodec, Decompressors } from '../../env/decompressors.ts'
import { convertedEntry } from '../source-base/record-block.ts'
import type { FileFormat, FormatBlock, FormatInput, FormatReader } from './file-format.ts'
import { ParquetPageCheck } from './parquet-page-check.ts'

/** A Parquet record by column name. INT64 is a bigint; dates and timestamps are `Date`s. */
export type ParquetRow = Readonly<Record<string, unknown>>

/** Options of {@link parquet}. */
export interface ParquetOptions<T> {
  /** The top-level columns to read. Default: all. Others are not read from disk. */
  readonly columns?: readonly string[]
  /**
   * Turns a row into a record; null leaves it out, a throw makes it malformed. Default: the row.
   */
  readonly convert?: (row: ParquetRow) => T | null
}

/**
 * Parquet files. Row groups are what is read at once (and held in memory, two at a time), and what
 * a large file is cut into: a row group belongs to the range in which it starts. Snappy needs
 * nothing; for gzip, zstd and brotli pass `decompressors` to the source.
 *
 * A file that is damaged or cut off fails the job with CORRUPT_DATA: none of its records can be
 * trusted to be complete. Declared sizes and run lengths are checked before they are believed, and
 * checksums where pages have one; without it damage inside a page may give wrong values.
 *
 * ```ts
 * const flights = fileSource({ path: 'flights.parquet', format: parquet({ columns: ['delay'] }) })
 * flights.boundedness // => 'bounded'
 * ```
 */
export function parquet<T = ParquetRow>(options: ParquetOptions<T> = {}): FileFormat<T> {
  return {
    name: 'Parquet',
    splittable: true,
    compressible: false,
    open: async (input) => {
      const metadata = await metadataOf(input)
      requireColumns(input, metadata, options.columns ?? [])
      return new ParquetReader<T>(input, metadata, options)
    },
  }
}

class ParquetReader<T> implements FormatReader<T> {
  readonly #input: FormatInput
  readonly #metadata: FileMetaData
  readonly #options: ParquetOptions<T>
  readonly #check: ParquetPageCheck
  #group = 0
  #row = 0

  constructor(input: FormatInput, metadata: FileMetaData, options: ParquetOptions<T>) {
    this.#input = input
    this.#metadata = metadata
    this.#options = options
    this.#check = pageCheckOf(input, metadata)
  }

  async next(): Promise<FormatBlock<T> | undefined> {
    const { split } = this.#input
    const firstRow = split.position?.offset ?? 0
    for (;;) {
      const group = this.#metadata.row_groups[this.#group]
      if (group === undefined) return undefined
      const row = this.#row
      const end = row + Number(group.num_rows)
      const start = startOf(this.#metadata, this.#group)
      this.#group++
      this.#row = end
      const isInRange = start >= split.startBytes && start < split.endBytes
      if (isInRange && row >= firstRow) return this.#read(row, end)
    }
  }

  async close(): Promise<void> {}

  async #read(rowStart: number, rowEnd: number): Promise<FormatBlock<T>> {
    const { columns, convert } = this.#options
    const check = this.#check
    const rows: readonly ParquetRow[] = await orCorrupt(this.#input, check, (file) =>
      parquetReadObjects({
        file,
        metadata: this.#metadata,
        rowStart,
        rowEnd,
        ...(columns === undefined ? {} : { columns: [...columns] }),
        compressors: compressorsOf(this.#input, check),
      }),
    )
    if (rows.length !== rowEnd - rowStart) {
      throw corrupt(this.#input, `rows ${rowStart} to ${rowEnd} are not all there`)
    }
    const position = { offset: rowStart, line: 0 }
    if (convert === undefined) return { ...position, entries: rows as readonly T[], hasGaps: false }
    const { path } = this.#input.split
    const entries = rows.map((row, index) =>
      convertedEntry(row, convert, () => `${path}, row ${rowStart + index + 1}`),
    )
    return { ...position, entries, hasGaps: true }
  }
}

async function metadataOf(input: FormatInput): Promise<FileMetaData> {
  const { split, file } = input
  const magic = await file.read(0, 4)
  if (String.fromCharCode(...magic) !== 'PAR1') {
    throw corrupt(input, 'it does not start with the bytes PAR1, so it is no Parquet file')
  }
  const tail = await file.read(Math.max(4, split.sizeBytes - 4), 4)
  if (String.fromCharCode(...tail) !== 'PAR1') {
    throw corrupt(input, 'it does not end with the bytes PAR1, so its end is missing')
  }
  return orCorrupt(input, undefined, (file) => parquetMetadataAsync(file))
}

function pageCheckOf(input: FormatInput, metadata: FileMetaData): ParquetPageCheck {
  try {
    return new ParquetPageCheck(metadata)
  } catch (cause) {
    throw corrupt(input, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

/** The byte at which a row group starts. */
function startOf(metadata: FileMetaData, index: number): number {
  const group = metadata.row_groups[index]
  const column = group?.columns[0]?.meta_data
  const start = column?.dictionary_page_offset || column?.data_page_offset || group?.file_offset
  return Number(start ?? 4)
}

function requireColumns(
  input: FormatInput,
  metadata: FileMetaData,
  columns: readonly string[],
): void {
  const names = new Set(metadata.schema.map((element) => element.name))
  const missing = columns.filter((name) => !names.has(name))
  if (missing.length === 0) return
  throw new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `${input.split.path} has no column ${missing.join(', ')}; correct \`columns\``,
  )
}

/** The file as hyparquet reads it. */
class ParquetBytes implements AsyncBuffer {
  readonly byteLength: number
  /** The error of the first read that failed. */
  error: unknown
  readonly #input: FormatInput
  readonly #check: ParquetPageCheck | undefined

  constructor(input: FormatInput, check: ParquetPageCheck | undefined) {
    this.#input = input
    this.#check = check
    this.byteLength = input.split.sizeBytes
  }

  /**
   * Never rejects: hyparquet starts many reads at once, and a rejection that it does not wait for
   * would end the process. It finds too few bytes instead, which fails in a place that is awaited.
   */
  async slice(start: number, end: number = this.byteLength): Promise<ArrayBuffer> {
    const length = Math.min(end, this.byteLength) - start
    if (!(start >= 0 && length > 0)) return new ArrayBuffer(0)
    try {
      const bytes = await this.#input.file.read(start, length)
      const run = new ChunkRun(bytes.length, (at, part) => this.#checked(start + at, part))
      new Uint8Array(run).set(bytes)
      return this.#checked(start, run)
    } catch (error) {
      this.error ??= error
      return new ArrayBuffer(0)
    }
  }

  /** The bytes, or none if they are of a column chunk that is not sound. */
  #checked(start: number, buffer: ArrayBuffer): ArrayBuffer {
    try {
      this.#check?.checkChunk(start, buffer)
      return buffer
    } catch (cause) {
      this.error ??= corrupt(
        this.#input,
        cause instanceof Error ? cause.message : String(cause),
        cause,
      )
      return new ArrayBuffer(0)
    }
  }
}

/**
 * Column chunks that hyparquet reads in one piece and then cuts apart by `slice`. That is when they
 * are checked: the check must know the very bytes that are decoded, to find a page again.
 */
class ChunkRun extends ArrayBuffer {
  readonly #checked: (start: number, part: ArrayBuffer) => ArrayBuffer

  constructor(length: number, checked: (start: number, part: ArrayBuffer) => ArrayBuffer) {
    super(length)
    this.#checked = checked
  }

  static override get [Symbol.species](): ArrayBufferConstructor {
    return ArrayBuffer
  }

  override slice(start: number = 0, end: number = this.byteLength): ArrayBuffer {
    return this.#checked(start, super.slice(start, end))
  }
}

const codecs: Readonly<Record<string, CompressionCodec>> = {
  GZIP: 'gzip',
  ZSTD: 'zstd',
  BROTLI: 'brotli',
}

function compressorsOf(input: FormatInput, check: ParquetPageCheck): Compressors {
  const compressors: Compressors = {
    SNAPPY: (bytes, lengthBytes) => {
      const page = new Uint8Array(lengthBytes)
      snappyUncompress(bytes, page)
      check.checkPage(bytes, page)
      return page
    },
  }
  for (const [name, codec] of Object.entries(codecs)) {
    compressors[name as keyof Compressors] = (bytes, lengthBytes) => {
      const page = decompressorsOf(input, name).block(codec, bytes, lengthBytes)
      check.checkPage(bytes, page)
      return page
    }
  }
  return compressors
}

function decompressorsOf(input: FormatInput, name: string): Decompressors {
  if (input.decompressors !== undefined) return input.decompressors
  throw new EngineError(
    ErrorCode.UNSUPPORTED,
    `${input.split.path} is compressed with ${name}; pass \`decompressors\` to the file source`,
  )
}

async function orCorrupt<R>(
  input: FormatInput,
  check: ParquetPageCheck | undefined,
  call: (file: AsyncBuffer) => Promise<R>,
): Promise<R> {
  const file = new ParquetBytes(input, check)
  try {
    const result = await call(file)
    if (file.error === undefined) return result
    throw file.error
  } catch (cause) {
    if (file.error !== undefined) throw file.error
    if (cause instanceof EngineError) throw cause
    throw corrupt(input, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function corrupt(input: FormatInput, what: string, cause?: unknown): EngineError {
  return new EngineError(
    ErrorCode.CORRUPT_DATA,
    `cannot read ${input.split.path} as Parquet: ${what}; write the file again or leave it out`,
    { cause },
  )
}
