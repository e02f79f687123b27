import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { type RecordReader, recordReader } from '../record-schema/record-reader.ts'
import type { ExtraFields, RecordSchema } from '../record-schema/record-schema.ts'
import { BlockGap } from '../source-base/record-block.ts'
import { type CsvRow, type CsvRowReader, type CsvType, csvRowReader } from './csv-columns.ts'
import { type CsvDialect, csvRecords, requireValidDialect } from './csv-dialect.ts'
import { type CsvFields, csvFields } from './csv-fields.ts'
import type { FileFormat, FormatBlock, FormatInput, FormatReader } from './file-format.ts'
import { type LineBlock, LineBlockReader } from './line-block-reader.ts'
import { type InvalidBytes, LineDecoder, UndecodableLine } from './line-decoder.ts'

/** The longest CSV record by default: one wrong quote costs no more than this. */
const RECORD_SIZE_BYTES_MAX = 1024 * 1024

/** Options of {@link csv}. */
export interface CsvOptions<T> {
  /** True if the first record names the columns. Default false. */
  readonly header?: boolean
  /**
   * Without a header: the columns of the file in order. With one: the columns wanted, by name.
   * Required without a header.
   */
  readonly columns?: readonly string[]
  /** The types of columns that are no strings. An empty field is an empty string, and no number. */
  readonly types?: Readonly<Record<string, CsvType>>
  /**
   * The fields of a record, in place of `types`. A row that does not fit is malformed, and the
   * report names the field. An empty field of any type but `string` is null. A file whose header
   * lacks a required column fails the job.
   */
  readonly schema?: RecordSchema
  /** With a schema: what becomes of columns it does not name. Default `drop`. */
  readonly extraFields?: ExtraFields
  /** Default `,`. */
  readonly delimiter?: string
  /** Default `"`. */
  readonly quote?: string
  /** Default: the quote, doubled. */
  readonly escape?: string
  /** An unquoted field of this text is null. Default: none is. */
  readonly nullLiteral?: string
  /**
   * False promises that no field holds a line break: large files can then be read in ranges, and a
   * wrong quote costs one line only. Default true.
   */
  readonly quotedLineBreaks?: boolean
  /** A name of the WHATWG encoding standard, except UTF-16. Default `utf-8`. */
  readonly charset?: string
  /** What becomes of a record that is not text of the charset. Default `malformed`. */
  readonly invalidBytes?: InvalidBytes
  /** A longer record is malformed. Default 1 MiB. */
  readonly recordSizeBytesMax?: number
  /**
   * Turns a row into a record; null leaves it out, a throw makes it malformed. Default: the row.
   */
  readonly convert?: (row: CsvRow) => T | null
}

/**
 * CSV after RFC 4180, with LF or CRLF. A record with a wrong number of fields, a wrong quote or a
 * field not of its type is malformed; reading goes on with the next one.
 *
 * ```ts
 * env.fromElements('name,n', 'a,1').sinkTo(fileSink({ path: 'in', encode: textEncoder() }))
 * await env.execute()
 *
 * const format = csv<CsvRow>({ header: true, types: { n: 'integer' } })
 * const rows = env.fromSource(fileSource({ path: 'in', format }))
 * await rows.map((row) => [row['name'], row['n']]).executeAndCollect() // => [['a', 1]]
 * ```
 * @throws INVALID_ARGUMENT if there are neither header nor columns, or the dialect is not valid.
 */
export function csv<T = CsvRow>(options: CsvOptions<T>): FileFormat<T> {
  const quote = options.quote ?? '"'
  const dialect = { delimiter: options.delimiter ?? ',', quote, escape: options.escape ?? quote }
  requireValidDialect(dialect)
  if (options.header !== true && options.columns === undefined) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      'a CSV file without header needs `columns`: name them, or set `header: true`',
    )
  }
  const decoder = new LineDecoder(options.charset ?? 'utf-8', options.invalidBytes)
  return {
    name: 'CSV',
    splittable: options.quotedLineBreaks === false,
    compressible: true,
    open: async (input) => {
      const reader = new CsvReader<T>(input, options, dialect, decoder)
      await reader.readHeader()
      return reader
    },
  }
}

class CsvReader<T> implements FormatReader<T> {
  readonly #input: FormatInput
  readonly #options: CsvOptions<T>
  readonly #dialect: CsvDialect
  readonly #decoder: LineDecoder
  readonly #blocks: LineBlockReader
  readonly #multiline: boolean
  readonly #recordOf: RecordReader | undefined
  #rowOf: CsvRowReader
  #headerBytes = 0
  #lineCount = 0

  constructor(
    input: FormatInput,
    options: CsvOptions<T>,
    dialect: CsvDialect,
    decoder: LineDecoder,
  ) {
    this.#input = input
    this.#options = options
    this.#dialect = dialect
    this.#decoder = decoder
    this.#multiline = options.quotedLineBreaks !== false
    this.#blocks = this.#blocksOf(input)
    const columns = options.columns ?? []
    const { schema, extraFields = 'drop' } = options
    if (schema !== undefined) this.#recordOf = recordReader(schema, extraFields, 'text')
    this.#rowOf = csvRowReader(columns, columns, options.types ?? {})
  }

  /** The header stands at the start of the file, whichever part of it is read. */
  async readHeader(): Promise<void> {
    if (this.#options.header !== true) return
    const split = { ...this.#input.split, startBytes: 0, position: null }
    const blocks = this.#blocksOf({ ...this.#input, split })
    const block = await blocks.next(0)
    blocks.close()
    if (block === undefined) return
    const [end] = this.#endsOf(block)
    this.#headerBytes = end ?? block.bytes.length
    const header = { ...block, bytes: block.bytes.subarray(0, this.#headerBytes) }
    const names = this.#namesOf(header)
    const wanted = this.#options.columns ?? names
    const required = this.#options.columns ?? requiredFields(this.#options.schema ?? {})
    const missing = required.filter((name) => !names.includes(name))
    if (missing.length > 0) {
      throw new EngineError(
        ErrorCode.MALFORMED_RECORD,
        `${split.path} has no column ${missing.join(', ')}; its header names ${names.join(', ')}`,
      )
    }
    this.#rowOf = csvRowReader(names, wanted, this.#options.types ?? {})
  }

  async next(): Promise<FormatBlock<T> | undefined> {
    const block = await this.#blocks.next(this.#lineCount)
    if (block === undefined) return undefined
    const ends = this.#endsOf(block)
    this.#lineCount = feedsIn(block.bytes, block.bytes.length)
    const records = this.#fieldsOfAll(block, ends)
    const entries: (T | BlockGap)[] = []
    let hasGaps = false
    let start = 0
    for (let i = 0; i < ends.length; i++) {
      const isHeader = block.offset + start < this.#headerBytes
      if (!isHeader) {
        const end = ends[i] as number
        const entry = this.#entryOf(block, start, end, records?.[i])
        if (entry instanceof BlockGap) hasGaps = true
        entries.push(entry)
      }
      start = ends[i] as number
    }
    return { entries, hasGaps, offset: block.offset, line: block.line }
  }

  async close(): Promise<void> {
    this.#blocks.close()
  }

  #blocksOf(input: FormatInput): LineBlockReader {
    const recordSizeBytesMax = this.#options.recordSizeBytesMax ?? RECORD_SIZE_BYTES_MAX
    if (!this.#multiline) return new LineBlockReader(input, { recordSizeBytesMax })
    const lastRecordEnd = (bytes: Uint8Array): number =>
      csvRecords(bytes, this.#dialect).ends.at(-1) ?? 0
    return new LineBlockReader(input, { recordSizeBytesMax, lastRecordEnd })
  }

  /** The record ends of a block. A record whose quote never closes ends with its first line. */
  #endsOf(block: LineBlock): readonly number[] {
    const { bytes } = block
    if (!this.#multiline) return lineEnds(bytes)
    const ends: number[] = []
    let from = 0
    for (;;) {
      const records = csvRecords(bytes, this.#dialect, from)
      for (const end of records.ends) ends.push(end)
      from = ends.at(-1) ?? 0
      if (from === bytes.length) return ends
      const feed = records.endsInQuotes ? bytes.indexOf(10, from) : -1
      from = feed < 0 ? bytes.length : feed + 1
      ends.push(from)
    }
  }

  /** All records in one call, which is quick; undefined if one of them is not as it should be. */
  #fieldsOfAll(block: LineBlock, ends: readonly number[]): readonly CsvFields[] | undefined {
    const text = this.#decoder.text(block)
    if (text === undefined) return undefined
    try {
      const records = csvFields(text, this.#dialect, this.#options.nullLiteral)
      return records.length === ends.length ? records : undefined
    } catch {
      return undefined
    }
  }

  #entryOf(
    block: LineBlock,
    start: number,
    end: number,
    fields: CsvFields | undefined,
  ): T | BlockGap {
    const { convert } = this.#options
    try {
      const cells = this.#rowOf(fields ?? this.#fieldsOf(block, start, end))
      const row = this.#recordOf === undefined ? cells : (this.#recordOf(cells) as CsvRow)
      const record = convert === undefined ? (row as T) : convert(row)
      return record ?? new BlockGap(undefined)
    } catch (cause) {
      const piece = this.#decoder.piece(block.bytes.subarray(start, end))
      const record = (piece instanceof UndecodableLine ? piece.text : piece).trimEnd()
      return new BlockGap({ record, origin: this.#originOf(block, start), cause })
    }
  }

  #fieldsOf(block: LineBlock, start: number, end: number): CsvFields {
    const bytes = block.bytes.subarray(start, end)
    const record = { ...block, bytes, offset: block.offset + start }
    const text = this.#decoder.text(record)
    if (text === undefined) throw (this.#decoder.piece(bytes) as UndecodableLine).cause
    const records = csvFields(text, this.#dialect, this.#options.nullLiteral)
    // The parser ignores an empty text; a line without anything is a record of one empty field.
    return records[0] ?? ['']
  }

  #namesOf(header: LineBlock): readonly string[] {
    try {
      return this.#fieldsOf(header, 0, header.bytes.length).map((name) => (name ?? '').trim())
    } catch (cause) {
      throw new EngineError(
        ErrorCode.MALFORMED_RECORD,
        `${this.#input.split.path}: the header cannot be read; correct its first line, or read ` +
          'the file with `header: false` and `columns`',
        { cause },
      )
    }
  }

  #originOf(block: LineBlock, start: number): string {
    const { path } = this.#input.split
    if (block.line > 0) return `${path}:${block.line + feedsIn(block.bytes, start)}`
    return `${path} (byte ${block.offset + start})`
  }
}

function requiredFields(schema: RecordSchema): readonly string[] {
  const isOptional = (field: RecordSchema[string]): boolean =>
    typeof field === 'object' &&
    'type' in field &&
    (field.optional === true || field.default !== undefined)
  return Object.keys(schema).filter((name) => !isOptional(schema[name] as RecordSchema[string]))
}

function lineEnds(bytes: Uint8Array): number[] {
  const ends: number[] = []
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) ends.push(at + 1)
  if ((ends.at(-1) ?? 0) < bytes.length) ends.push(bytes.length)
  return ends
}

function feedsIn(bytes: Uint8Array, end: number): number {
  let count = 0
  for (let i = 0; i < end; i++) if (bytes[i] === 10) count++
  return count
}
