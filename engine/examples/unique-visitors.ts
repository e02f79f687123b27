/**
 * Page views and unique visitors of each site and day, updated every minute if there is news.
 *
 * Visitors are counted exactly: the state holds each of them once a day. Where that is too much,
 * `approximateDistinctCount` takes at most 16 KiB a day, with a standard error of 0.8 %.
 */
import {
  type AggregateFunction,
  type Collector,
  calendarEventTimeWindows,
  collectionSource,
  continuousEventTimeTrigger,
  type DataStream,
  getExecutionEnvironment,
  minutes,
  seconds,
  types,
  watermarks,
} from '@millrace/engine'

/** A visitor opened a page of a site. */
export interface Visit {
  readonly site: string
  readonly visitor: string
  readonly atMs: number
}

/** What a site has seen so far of the day that began at `dayStart`. */
export interface Traffic {
  readonly site: string
  readonly dayStart: string
  readonly pageViews: number
  readonly uniqueVisitors: number
  /** The day is over: its numbers do not change any more. */
  readonly isFinal: boolean
}

export function dailyTraffic(visits: DataStream<Visit>, timeZone: string): DataStream<Traffic> {
  return visits
    .keyBy(({ site }) => site, types.string)
    .window(calendarEventTimeWindows({ unit: 'day', timeZone }))
    .trigger(continuousEventTimeTrigger(minutes(1)))
    .aggregate(countVisits, (site, context, [counts], out: Collector<Traffic>) => {
      const { window, currentWatermarkMs } = context
      const dayStart = new Date(window.startMs).toISOString()
      const isFinal = currentWatermarkMs >= window.maxTimestampMs
      if (counts) out.collect({ site, dayStart, ...counts, isFinal })
    })
    .uid('daily-traffic')
}

type Seen = { pageViews: number; readonly visitors: Set<string> }

const countVisits: AggregateFunction<Visit, Seen, Pick<Traffic, 'pageViews' | 'uniqueVisitors'>> = {
  accumulatorType: types.row({ pageViews: types.int, visitors: types.set(types.string) }),
  createAccumulator: () => ({ pageViews: 0, visitors: new Set() }),
  add({ visitor }, seen) {
    seen.pageViews++
    seen.visitors.add(visitor)
    return seen
  },
  getResult: ({ pageViews, visitors }) => ({ pageViews, uniqueVisitors: visitors.size }),
  merge: (left, right) => ({
    pageViews: left.pageViews + right.pageViews,
    visitors: new Set([...left.visitors, ...right.visitors]),
  }),
}

if (import.meta.main) {
  const midnightMs = Date.parse('2026-03-03T00:00+01:00')
  const visits = ['ann', 'bob', 'ann', 'cat', 'bob', 'dan', 'ann'].map((visitor, i) => {
    return { site: 'shop', visitor, atMs: midnightMs - minutes(2) + i * seconds(40) }
  })
  const source = collectionSource(visits, { timestamp: ({ atMs }) => atMs })
  const byVisitTime = watermarks.monotonous<Visit>().emitEvery(seconds(1))
  const env = getExecutionEnvironment()
  dailyTraffic(env.fromSource(source, byVisitTime).uid('visits'), 'Europe/Berlin').print()
  await env.execute('unique-visitors')
}
