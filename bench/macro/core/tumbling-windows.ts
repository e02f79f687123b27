import { tumblingEventTimeWindows, types } from '@millrace/engine'
import type { CheckedJob } from '../../jobs/checked-job.ts'
import { type Entry, entries, uniform } from './entries.ts'
import { tumblingSums } from './tumbling-sums.ts'
import { sumAdder, type WindowSum } from './window-sums.ts'

const SHAPE = { perMs: 100, entryAt: uniform(1_000) }
const WINDOW_MS = 10_000

/** Sums by key and ten seconds, by an accumulator. */
export const tumblingAggregate: CheckedJob<WindowSum> = tumblingSums({
  name: 'tumbling-aggregate',
  shape: SHAPE,
  windowMs: WINDOW_MS,
})

/** The same sums, of two entries at a time. */
export const tumblingReduce: CheckedJob<WindowSum> = {
  name: 'tumbling-reduce',
  results: (env, size) =>
    entries(env, size, SHAPE)
      .keyBy(({ key }) => key, types.int)
      .window(tumblingEventTimeWindows(WINDOW_MS))
      .reduce<WindowSum>(plus, (key, { window }, sums, out) => {
        for (const { value } of sums) out.collect({ key, startMs: window.startMs, sum: value })
      }),
  adder: sumAdder,
  plainly: tumblingAggregate.plainly,
}

function plus(left: Entry, right: Entry): Entry {
  return { key: left.key, value: left.value + right.value }
}
