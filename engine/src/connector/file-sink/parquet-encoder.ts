import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js'
import { ParquetWriter } from 'hyparquet-writer/src/parquet-writer.js'
import { schemaFromColumnData } from 'hyparquet-writer/src/schema.js'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { BulkEncoder, BulkFile } from './file-encoder.ts'

const ROW_GROUP_SIZE = 10_000

/**
 * What a column holds: `integer` and `bigint` become INT64, `number` DOUBLE, `timestamp` (from
 * milliseconds since 1970 or a `Date`) a timestamp of milliseconds, `json` anything as JSON text.
 */
export type ParquetColumnType =
  | 'string'
  | 'boolean'
  | 'number'
  | 'integer'
  | 'bigint'
  | 'timestamp'
  | 'json'

/** A column of a file. */
export interface ParquetColumn {
  readonly type: ParquetColumnType
  /** True if the value may be null or missing. Default false. */
  readonly optional?: boolean
}

/** Options of {@link parquetEncoder}. */
export interface ParquetEncoderOptions {
  /** The columns by name, in order; a type alone means that the column has no nulls. */
  readonly columns: Readonly<Record<string, ParquetColumnType | ParquetColumn>>
  /** Rows that are held in memory, then written together. Default 10 000. */
  readonly rowGroupSize?: number
  /** Default `SNAPPY`. */
  readonly codec?: 'SNAPPY' | 'UNCOMPRESSED'
}

/**
 * Parquet files for `fileSink`. Each open file (one per bucket and subtask) holds a row group in
 * memory; a file is closed at each checkpoint, so a longer checkpoint interval gives larger files.
 *
 * A value that is not of its column's type is refused with TYPE_MISMATCH, which names the column;
 * the job's record error policy decides.
 *
 * ```ts
 * const encode = parquetEncoder({ columns: { id: 'integer', name: 'string' } })
 * env.fromElements({ id: 1, name: 'a' }).sinkTo(fileSink({ path: 'out', encode }))
 * await env.execute()
 *
 * const rows = env.fromSource(fileSource({ path: 'out', format: parquet() }))
 * await rows.map((row) => row['name']).executeAndCollect() // => ['a']
 * ```
 * @throws INVALID_ARGUMENT if there are no columns or the row group size is not above 0
 */
export function parquetEncoder<T extends object = Readonly<Record<string, unknown>>>(
  options: ParquetEncoderOptions,
): BulkEncoder<T> {
  const { rowGroupSize = ROW_GROUP_SIZE, codec = 'SNAPPY' } = options
  const columns = Object.entries(options.columns).map(([name, column]) =>
    columnOf(name, typeof column === 'string' ? { type: column } : column),
  )
  if (columns.length === 0 || !(Number.isSafeInteger(rowGroupSize) && rowGroupSize > 0)) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `a Parquet file needs columns and a row group size above 0, not ${columns.length} columns ` +
        `and ${rowGroupSize}`,
    )
  }
  return { open: () => new ParquetFile<T>(columns, rowGroupSize, codec) }
}

interface Column {
  readonly name: string
  readonly type: (typeof storedTypes)[ParquetColumnType]
  readonly nullable: boolean
  /** The value as the library takes it. */
  readonly read: (value: unknown) => unknown
}

class ParquetFile<T extends object> implements BulkFile<T> {
  readonly #columns: readonly Column[]
  readonly #rowGroupSize: number
  readonly #bytes = new ByteWriter()
  readonly #writer: ParquetWriter
  #data: unknown[][]

  constructor(columns: readonly Column[], rowGroupSize: number, codec: 'SNAPPY' | 'UNCOMPRESSED') {
    this.#columns = columns
    this.#rowGroupSize = rowGroupSize
    this.#data = columns.map(() => [])
    const columnData = columns.map(({ name, type, nullable }) => ({
      name,
      type,
      nullable,
      data: [],
    }))
    const schema = schemaFromColumnData({ columnData })
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema, codec })
  }

  add(value: T): Uint8Array | undefined {
    const row = value as Readonly<Record<string, unknown>>
    // All fields first: a record that is refused must not leave half a row.
    const fields = this.#columns.map((column) => fieldOf(column, row[column.name]))
    for (let i = 0; i < fields.length; i++) this.#data[i]?.push(fields[i])
    if ((this.#data[0]?.length ?? 0) < this.#rowGroupSize) return undefined
    this.#writeGroup()
    return this.#take()
  }

  finish(): Uint8Array {
    if ((this.#data[0]?.length ?? 0) > 0) this.#writeGroup()
    void this.#writer.finish()
    return this.#take()
  }

  #writeGroup(): void {
    const columnData = this.#columns.map(({ name, type, nullable }, index) => ({
      name,
      type,
      nullable,
      data: this.#data[index] as unknown[],
    }))
    void this.#writer.write({ columnData, rowGroupSize: this.#rowGroupSize })
    this.#data = this.#columns.map(() => [])
  }

  /** The bytes so far; `offset` goes on counting from the start of the file. */
  #take(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice()
    this.#bytes.index = 0
    return bytes
  }
}

function fieldOf(column: Column, value: unknown): unknown {
  if (value === null || value === undefined) {
    if (column.nullable) return undefined
    throw mismatch(column.name, value, 'a value; make the column optional')
  }
  return column.read(value)
}

const storedTypes = {
  string: 'STRING',
  boolean: 'BOOLEAN',
  number: 'DOUBLE',
  integer: 'INT64',
  bigint: 'INT64',
  timestamp: 'TIMESTAMP',
  json: 'JSON',
} as const

function columnOf(name: string, { type, optional = false }: ParquetColumn): Column {
  const check =
    (accepts: (value: unknown) => boolean, convert: (value: unknown) => unknown) =>
    (value: unknown): unknown => {
      if (!accepts(value)) throw mismatch(name, value, `of the type ${type}`)
      return convert(value)
    }
  const same = (value: unknown): unknown => value
  const readers: Readonly<Record<ParquetColumnType, (value: unknown) => unknown>> = {
    string: check((value) => typeof value === 'string', same),
    boolean: check((value) => typeof value === 'boolean', same),
    number: check((value) => typeof value === 'number', same),
    integer: check(Number.isSafeInteger, (value) => BigInt(value as number)),
    bigint: check((value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value, same),
    timestamp: check(
      (value) => value instanceof Date || Number.isSafeInteger(value),
      (value) => (value instanceof Date ? value : new Date(value as number)),
    ),
    json: same,
  }
  return { name, type: storedTypes[type], nullable: optional, read: readers[type] }
}

function mismatch(name: string, value: unknown, expected: string): EngineError {
  const shown = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value))
  return new EngineError(
    ErrorCode.TYPE_MISMATCH,
    `column '${name}' of the Parquet file got ${shown.slice(0, 100)}, which is not ${expected}`,
  )
}
