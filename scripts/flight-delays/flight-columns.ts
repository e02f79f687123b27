import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { zstdDecompressSync } from 'node:zlib'
import { parquetMetadata, parquetRead } from 'hyparquet'

/** The flights as the file has them, by column. */
export interface FlightColumns {
  /** Scheduled times in milliseconds since 1970. */
  readonly scheduledMs: readonly number[]
  /** Delays in minutes. */
  readonly delays: readonly number[]
  readonly origins: readonly string[]
}

/** Reads the first `records` flights, with nothing of the engine or of the example. */
export async function readFlightColumns(records: number): Promise<FlightColumns> {
  const url = new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets'))
  const bytes = readFileSync(fileURLToPath(url))
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const columns: { readonly [name: string]: unknown[] } = { date: [], delay: [], origin: [] }
  await parquetRead({
    file,
    metadata: parquetMetadata(file),
    rowEnd: records,
    columns: Object.keys(columns),
    compressors: { ZSTD: (page, size) => zstdDecompressSync(page, { maxOutputLength: size }) },
    onChunk: ({ columnName, columnData, rowStart }) => {
      const column = columns[columnName] ?? []
      for (let i = 0; i < columnData.length; i++) column[rowStart + i] = columnData[i]
    },
  })
  return {
    scheduledMs: (columns.date as Date[]).slice(0, records).map((date) => date.getTime()),
    delays: (columns.delay as bigint[]).slice(0, records).map(Number),
    origins: (columns.origin as string[]).slice(0, records),
  }
}
