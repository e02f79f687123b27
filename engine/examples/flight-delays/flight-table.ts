/// <reference types="node" />
import { readFile } from 'node:fs/promises'
import { nodeDecompressors } from '@millrace/engine'
import { parquetMetadata, parquetRead } from 'hyparquet'

/** Flights by column, in the order of the file (that is, of their scheduled times). */
export interface FlightTable {
  readonly count: number
  /** Minutes since 1970, local time taken as UTC. */
  readonly scheduledMinutes: Int32Array
  readonly delayMinutes: Int16Array
  /** Index into {@link airports}. */
  readonly origins: Uint16Array
  readonly airports: readonly string[]
  /** Row numbers in the order of departure, which is the scheduled time plus the delay. */
  readonly departures: Int32Array
}

/** The file of the npm package `vega-datasets`: three million US flights of 2001. */
const FLIGHTS: URL = new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets'))

const MICROSECONDS_PER_MINUTE = 60_000_000

/**
 * Reads the first `limit` flights.
 *
 * @throws RangeError if a value is missing or does not fit its column
 */
export async function readFlights(limit: number): Promise<FlightTable> {
  const bytes = await readFile(FLIGHTS)
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const metadata = parquetMetadata(file)
  const count = Math.min(limit, Number(metadata.num_rows))
  const scheduledMinutes = new Int32Array(count)
  const delayMinutes = new Int16Array(count)
  const origins = new Uint16Array(count)
  const airportIndex = new Map<string, number>()
  const store: Readonly<Record<string, (row: number, value: never) => void>> = {
    date: (row, minutes: number) => {
      scheduledMinutes[row] = minutes
    },
    delay: (row, minutes: bigint) => {
      delayMinutes[row] = Number(minutes)
    },
    origin: (row, airport: string) => {
      const index = airportIndex.get(airport) ?? airportIndex.size
      if (index === airportIndex.size) airportIndex.set(airport, index)
      origins[row] = index
    },
  }
  const { block } = nodeDecompressors()
  await parquetRead({
    file,
    metadata,
    rowEnd: count,
    columns: Object.keys(store),
    compressors: { ZSTD: (page, lengthBytes) => block('zstd', page, lengthBytes) },
    parsers: {
      timestampFromMicroseconds: (time: bigint) => Number(time) / MICROSECONDS_PER_MINUTE,
    },
    onChunk: ({ columnName, columnData, rowStart }) => {
      const put = store[columnName] as (row: number, value: unknown) => void
      const length = Math.min(columnData.length, count - rowStart)
      for (let i = 0; i < length; i++) {
        const value: unknown = columnData[i]
        if (value == null)
          throw new RangeError(`${columnName} of flight ${rowStart + i} is missing`)
        put(rowStart + i, value)
      }
    },
  })
  const departures = orderOfDeparture(scheduledMinutes, delayMinutes)
  const airports = [...airportIndex.keys()]
  return { count, scheduledMinutes, delayMinutes, origins, airports, departures }
}

/** Sorts by counting. Flights of the same minute stay in the order of the file. */
function orderOfDeparture(scheduledMinutes: Int32Array, delayMinutes: Int16Array): Int32Array {
  const departureMinutes = scheduledMinutes.map((minute, row) => minute + (delayMinutes[row] ?? 0))
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const minute of departureMinutes) {
    if (minute < first) first = minute
    if (minute > last) last = minute
  }
  const order = new Int32Array(departureMinutes.length)
  if (order.length === 0) return order
  /** How many flights left before a minute; while sorting, the place of its next flight. */
  const places = new Int32Array(last - first + 2)
  for (const minute of departureMinutes) places[minute - first + 1]!++
  for (let i = 1; i < places.length; i++) places[i]! += places[i - 1]!
  departureMinutes.forEach((minute, row) => {
    order[places[minute - first]!++] = row
  })
  return order
}
