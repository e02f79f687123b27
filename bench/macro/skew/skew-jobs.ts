import { mix } from '../../digest/mix.ts'
import type { CheckedJob } from '../../jobs/checked-job.ts'
import { runAsThread } from '../../jobs/run-checked-job.ts'
import type { Entry } from '../core/entries.ts'
import { type Phases, tumblingSums } from '../core/tumbling-sums.ts'
import type { WindowSum } from '../core/window-sums.ts'
import { hotKey, type KeySpread, zipf } from './key-spread.ts'

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
  return tumblingSums({ name: `${name}-${phases}`, shape, windowMs: WINDOW_MS, phases })
}

/** Each spread in one phase and in two, in this order. */
export const SKEW_JOBS: readonly CheckedJob<WindowSum>[] = SPREADS.flatMap((spread) => [
  skewJob(spread, 'one-phase'),
  skewJob(spread, 'two-phase'),
])

if (import.meta.main) await runAsThread(SKEW_JOBS)
