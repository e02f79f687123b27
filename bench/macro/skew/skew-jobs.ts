import { tumblingEventTimeWindows, types } from '@millrace/engine'
import { mix } from '../../digest/mix.ts'
import type { CheckedJob } from '../../jobs/checked-job.ts'
import { runAsThread } from '../../jobs/run-checked-job.ts'
import { type Entry, entries, timeOf } from '../core/entries.ts'
import { sumAdder, summing, type WindowSum } from '../core/window-sums.ts'
import { hotKey, type KeySpread, zipf } from './key-spread.ts'

/** Whether the entries of a key are added up before the exchange. */
export type Phases = 'one-phase' | 'two-phase'

export const SPREADS: readonly KeySpread[] = [hotKey(80), ...[0, 0.5, 1, 1.5].map(zipf)]

const PER_MS = 100
const WINDOW_MS = 10_000

/** Sums by key and ten seconds over keys that do not come equally often. */
function skewJob({ name, keys }: KeySpread, phases: Phases): CheckedJob<WindowSum> {
  const entryAt = (index: number): Entry => {
    const word = mix(index)
    return { key: keys[word >>> 16] as number, value: word & 0xff }
  }
  const shape = { perMs: PER_MS, entryAt }
  return {
    name: `${name}-${phases}`,
    results(env, size) {
      const windows = entries(env, size, shape)
        .keyBy(({ key }) => key, types.int)
        .window(tumblingEventTimeWindows(WINDOW_MS))
      return (phases === 'two-phase' ? windows.twoPhase() : windows).aggregate<
        number,
        number,
        WindowSum
      >(summing, (key, { window }, sums, out) => {
        for (const sum of sums) out.collect({ key, startMs: window.startMs, sum })
      })
    },
    adder: sumAdder,
    plainly({ records }, add) {
      const sums = new Map<string, WindowSum>()
      for (let index = 0; index < records; index++) {
        const { key, value } = entryAt(index)
        const timeMs = timeOf(index, shape)
        const startMs = timeMs - (timeMs % WINDOW_MS)
        const sum = sums.get(`${key} ${startMs}`)?.sum ?? 0
        sums.set(`${key} ${startMs}`, { key, startMs, sum: sum + value })
      }
      for (const sum of sums.values()) add(sum)
    },
  }
}

/** Each spread in one phase and in two, in this order. */
export const SKEW_JOBS: readonly CheckedJob<WindowSum>[] = SPREADS.flatMap((spread) => [
  skewJob(spread, 'one-phase'),
  skewJob(spread, 'two-phase'),
])

if (import.meta.main) await runAsThread(SKEW_JOBS)
