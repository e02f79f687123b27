import { tumblingEventTimeWindows, types } from '@millrace/engine'
import type { AddResult, CheckedJob, JobSize } from '../../jobs/checked-job.ts'
import { type Entry, entries, timeOf, uniform } from './entries.ts'
import { sumAdder, summing, type WindowSum } from './window-sums.ts'

const SHAPE = { perMs: 100, entryAt: uniform(1_000) }
const WINDOW_MS = 10_000

/** Sums by key and ten seconds, of two entries at a time. */
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
  plainly: sumPlainly,
}

/** The same sums by an accumulator. */
export const tumblingAggregate: CheckedJob<WindowSum> = {
  name: 'tumbling-aggregate',
  results: (env, size) =>
    entries(env, size, SHAPE)
      .keyBy(({ key }) => key, types.int)
      .window(tumblingEventTimeWindows(WINDOW_MS))
      .aggregate<number, number, WindowSum>(summing, (key, { window }, sums, out) => {
        for (const sum of sums) out.collect({ key, startMs: window.startMs, sum })
      }),
  adder: sumAdder,
  plainly: sumPlainly,
}

/** The same sums, added up ahead of the exchange. */
export const tumblingTwoPhase: CheckedJob<WindowSum> = {
  name: 'tumbling-two-phase',
  results: (env, size) =>
    entries(env, size, SHAPE)
      .keyBy(({ key }) => key, types.int)
      .window(tumblingEventTimeWindows(WINDOW_MS))
      .twoPhase()
      .aggregate<number, number, WindowSum>(summing, (key, { window }, sums, out) => {
        for (const sum of sums) out.collect({ key, startMs: window.startMs, sum })
      }),
  adder: sumAdder,
  plainly: sumPlainly,
}

function plus(left: Entry, right: Entry): Entry {
  return { key: left.key, value: left.value + right.value }
}

function sumPlainly({ records }: JobSize, add: AddResult<WindowSum>): void {
  let sums = new Map<number, number>()
  let startMs = 0
  const emit = (): void => {
    for (const [key, sum] of sums) add({ key, startMs, sum })
  }
  for (let index = 0; index < records; index++) {
    const timeMs = timeOf(index, SHAPE)
    if (timeMs >= startMs + WINDOW_MS) {
      emit()
      sums = new Map()
      startMs += WINDOW_MS
    }
    const { key, value } = SHAPE.entryAt(index)
    sums.set(key, (sums.get(key) ?? 0) + value)
  }
  emit()
}
