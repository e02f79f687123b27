//#region readme
import {
  type AggregateFunction,
  type Collector,
  days,
  getExecutionEnvironment,
  hours,
  minutes,
  outputTag,
  type StreamExecutionEnvironment,
  tumblingEventTimeWindows,
  types,
  watermarks,
} from '@millrace/engine'
import { csvEncoder, fileSink, jsonLinesEncoder } from '@millrace/engine/connector/file'
import { type Flight, flightReplay } from './flight-delays/flight-replay-source.ts'

/** The flights that an airport had scheduled for one hour; delays in minutes. */
interface Hour {
  readonly hour: string
  readonly airport: string
  readonly flights: number
  readonly totalDelay: number
  readonly meanDelay: number
  readonly p95Delay: number
  readonly shareOver15: number
}

/**
 * Three million real flights in the order in which they left. Their event time is the time they
 * were scheduled for, so that it is out of order as it was on the day.
 */
export function flightDelays(env: StreamExecutionEnvironment, options: FlightDelaysOptions): void {
  const { folder } = options
  env.setParallelism(2)
  env.enableCheckpointing(250, { directory: `${folder}/checkpoints` })
  env.configure({ 'execution.state-recovery.path': 'latest' }) // go on where the last run stopped

  const byScheduledTime = watermarks
    .boundedOutOfOrderness<Flight>(hours(3))
    .withTimestampAssigner((flight) => flight.scheduledMs)
    .emitEvery(minutes(10)) // the flights alone decide what is late, not the clock

  const late = outputTag<Flight>('late')
  const hourly = env
    .fromSource(flightReplay(options), byScheduledTime, 'Flights', 1)
    .uid('flights')
    .keyBy((flight) => flight.origin, types.string)
    .window(tumblingEventTimeWindows(hours(1)))
    .sideOutputLateData(late)
    .aggregate(delayStatistics, (airport, { window }, [statistics], out: Collector<Hour>) => {
      if (statistics) out.collect({ hour: isoMinute(window.startMs), airport, ...statistics })
    })
    .name('Hourly delays')
    .uid('hourly-delays')

  const daily = hourly
    .keyBy(({ hour }) => hour.slice(0, 10), types.string)
    .window(tumblingEventTimeWindows(days(1)))
    .aggregate(tenWorstAirports, (day, _, [worst], out) => out.collect({ day, worst }))
    .name('Worst airports')
    .uid('worst-airports')

  hourly.sinkTo(fileSink({ path: `${folder}/hourly`, encode: hourCsv })).uid('hourly-files')
  daily.sinkTo(fileSink({ path: `${folder}/daily`, encode: jsonLinesEncoder() })).uid('daily-files')
  const lateFlights = hourly.getSideOutput(late)
  lateFlights.sinkTo(fileSink({ path: `${folder}/late`, encode: flightCsv })).uid('late-files')
}

const delayStatistics: AggregateFunction<Flight, number[], Omit<Hour, 'hour' | 'airport'>> = {
  accumulatorType: types.array(types.int),
  createAccumulator: () => [],
  add: (flight, delays) => {
    delays.push(flight.delay)
    return delays
  },
  merge: (left, right) => [...left, ...right],
  getResult: (delays) => {
    const flights = delays.length
    const totalDelay = delays.reduce((sum, delay) => sum + delay, 0)
    const sorted = delays.toSorted((a, b) => a - b)
    return {
      flights,
      totalDelay,
      meanDelay: rounded(totalDelay / flights),
      p95Delay: sorted[Math.ceil(flights * 0.95) - 1] as number,
      shareOver15: rounded(delays.filter((delay) => delay > 15).length / flights),
    }
  },
}

/** The flights of an airport on one day. */
interface Day {
  airport: string
  flights: number
  totalDelay: number
  meanDelay?: number
}

/** The ten airports with the highest mean delay, of those with 20 flights or more on that day. */
const tenWorstAirports: AggregateFunction<Day, Day[], Day[]> = {
  accumulatorType: types.array(
    types.row({ airport: types.string, flights: types.int, totalDelay: types.int }),
  ),
  createAccumulator: () => [],
  add: ({ airport, flights, totalDelay }, airports) => {
    const known = airports.find((other) => other.airport === airport)
    if (known === undefined) {
      airports.push({ airport, flights, totalDelay })
    } else {
      known.flights += flights
      known.totalDelay += totalDelay
    }
    return airports
  },
  merge: (left, right) => right.reduce((sum, day) => tenWorstAirports.add(day, sum), left),
  getResult: (airports) =>
    airports
      .filter(({ flights }) => flights >= 20)
      .map((day) => ({ ...day, meanDelay: rounded(day.totalDelay / day.flights) }))
      .sort((a, b) => b.meanDelay - a.meanDelay || (a.airport < b.airport ? -1 : 1))
      .slice(0, 10),
}

const hourCsv = csvEncoder<Hour>([
  'hour',
  'airport',
  'flights',
  'totalDelay',
  'meanDelay',
  'p95Delay',
  'shareOver15',
])
const flightCsv = csvEncoder<Flight>(['row', 'origin', 'scheduledMs', 'delay'])
const isoMinute = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 16)
const rounded = (value: number): number => Math.round(value * 1000) / 1000

/** What {@link flightDelays} is told from outside. */
export interface FlightDelaysOptions {
  /** Where checkpoints and output go. */
  readonly folder: string
  /** Takes only the first flights. Default: all. */
  readonly limit?: number | undefined
  /** Slows the replay down. Default: as fast as it goes. */
  readonly flightsPerSecond?: number | undefined
}

if (import.meta.main) {
  const env = getExecutionEnvironment()
  flightDelays(env, { folder: 'flight-delays-output' })
  await env.execute('flight-delays')
}
//#endregion
