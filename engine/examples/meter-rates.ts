/**
 * Electricity meters count up for ever; this gives the mean power in each quarter of an hour.
 *
 * Readings of a meter are put in order, for a difference means nothing out of order. `difference`
 * also sees when a meter was replaced: a counter that falls has begun anew from 0. Energy counts in
 * the quarter in which it was read.
 */
import {
  type AggregateFunction,
  type Collector,
  collectionSource,
  type DataStream,
  getExecutionEnvironment,
  hours,
  minutes,
  tumblingEventTimeWindows,
  types,
  watermarks,
} from '@millrace/engine'

/** What a meter has counted since it was new, in watt hours. */
export interface Reading {
  readonly meter: string
  readonly wattHours: number
  readonly atMs: number
}

/** The energy of a quarter of an hour, and the mean power that it makes. */
export interface Power {
  readonly meter: string
  readonly from: string
  readonly wattHours: number
  readonly watts: number
}

export function meanPower(readings: DataStream<Reading>): DataStream<Power> {
  return readings
    .keyBy(({ meter }) => meter, types.string)
    .sortByEventTime({ type: reading })
    .uid('sorted-readings')
    .keyBy(({ meter }) => meter, types.string)
    .difference(({ wattHours }) => wattHours)
    .uid('consumption')
    .filter(({ previous }) => previous !== undefined) // the first one only says where it stands
    .keyBy(({ key }) => key, types.string)
    .window(tumblingEventTimeWindows(minutes(15)))
    .aggregate(sumOfDifferences, (meter, { window }, [wattHours = 0], out: Collector<Power>) => {
      const from = new Date(window.startMs).toISOString()
      out.collect({ meter, from, wattHours, watts: (wattHours * hours(1)) / minutes(15) })
    })
    .uid('mean-power')
}

const reading = types.row({ meter: types.string, wattHours: types.int, atMs: types.int })

const sumOfDifferences: AggregateFunction<{ difference: number }, number, number> = {
  accumulatorType: types.int,
  createAccumulator: () => 0,
  add: ({ difference }, sum) => sum + difference,
  getResult: (sum) => sum,
  merge: (left, right) => left + right,
}

if (import.meta.main) {
  const readings = [1_000, 1_040, 1_100, 1_180, 30, 90, 210].map((wattHours, i) => {
    return { meter: 'm1', wattHours, atMs: Date.parse('2026-03-02') + i * minutes(5) }
  })
  const source = collectionSource(readings, { timestamp: ({ atMs }) => atMs })
  const env = getExecutionEnvironment()
  meanPower(env.fromSource(source, watermarks.monotonous()).uid('readings')).print()
  await env.execute('meter-rates')
}
