import {
  type TimeWindow,
  tumblingEventTimeWindows,
  types,
  type WindowedStream,
} from '@millrace/engine'
import type { CheckedJob } from '../../jobs/checked-job.ts'
import { type EntryShape, entries, timeOf } from './entries.ts'
import { sumAdder, summing, type WindowSum } from './window-sums.ts'

/** Whether the entries of a key are added up before the exchange. */
export type Phases = 'one-phase' | 'two-phase'

/** What tells jobs of {@link tumblingSums} apart. */
export interface TumblingSumsOptions {
  readonly name: string
  readonly shape: EntryShape
  readonly windowMs: number
  /** Default: as the plan finds best. */
  readonly phases?: Phases
}

/** Sums by key and tumbling window of event time. */
export function tumblingSums(options: TumblingSumsOptions): CheckedJob<WindowSum> {
  const { name, shape, windowMs, phases } = options
  return {
    name,
    results(env, size) {
      const windows = entries(env, size, shape)
        .keyBy(({ key }) => key, types.int)
        .window(tumblingEventTimeWindows(windowMs))
      return inPhases(windows, phases).aggregate<number, number, WindowSum>(
        summing,
        (key, { window }, sums, out) => {
          for (const sum of sums) out.collect({ key, startMs: window.startMs, sum })
        },
      )
    },
    adder: sumAdder,
    plainly({ records }, add) {
      const sums = new Map<string, WindowSum>()
      for (let index = 0; index < records; index++) {
        const { key, value } = shape.entryAt(index)
        const timeMs = timeOf(index, shape)
        const startMs = timeMs - (timeMs % windowMs)
        const sum = sums.get(`${key} ${startMs}`)?.sum ?? 0
        sums.set(`${key} ${startMs}`, { key, startMs, sum: sum + value })
      }
      for (const sum of sums.values()) add(sum)
    },
  }
}

function inPhases<T, K>(
  windows: WindowedStream<T, K, TimeWindow>,
  phases: Phases | undefined,
): WindowedStream<T, K, TimeWindow> {
  if (phases === undefined) return windows
  return phases === 'two-phase' ? windows.twoPhase() : windows.onePhase()
}
