import type { Env } from '../../env/env.ts'
import type { Source } from '../../operator/source/source.ts'
import { type Malformed, SourceHarness, type SourceSnapshot } from './source-harness.ts'

/** What a source emitted over all its execution attempts, without what was taken back. */
export interface RestoredRun<T> {
  readonly records: readonly T[]
  readonly malformed: readonly Malformed[]
}

/** After so many attempts the source is left in peace. */
const INTERRUPTED_ATTEMPTS = 6

/**
 * Runs a source to its end with snapshots and restores at random points and parallelisms 1 to 4;
 * what was emitted after a snapshot is forgotten when the source is restored from it, as a job
 * would.
 *
 * @param isEnough ends the run of a source that has no end by itself
 */
export async function runWithRestores<T, Split, State>(
  makeSource: () => Source<T, Split, State>,
  env: Env,
  below: (bound: number) => number,
  isEnough: (recordCount: number) => boolean = () => false,
): Promise<RestoredRun<T>> {
  const records: T[] = []
  const malformed: Malformed[] = []
  let snapshot: SourceSnapshot<Split, State> | undefined
  for (let attempt = 0; ; attempt++) {
    const harness = new SourceHarness(makeSource(), env, 1 + below(4), snapshot)
    let kept = 0
    let keptMalformed = 0
    let steps = attempt < INTERRUPTED_ATTEMPTS ? below(40) : Number.POSITIVE_INFINITY
    const isDone = (): boolean =>
      harness.isDone || isEnough(records.length + harness.records.length)
    while (!isDone() && steps-- > 0) {
      await harness.step(below, 1 + below(7))
      if (below(3) === 0) {
        snapshot = harness.snapshot()
        kept = harness.records.length
        keptMalformed = harness.malformed.length
      }
    }
    const ended = isDone()
    if (ended) {
      kept = harness.records.length
      keptMalformed = harness.malformed.length
    }
    records.push(...harness.records.slice(0, kept))
    malformed.push(...harness.malformed.slice(0, keptMalformed))
    harness.close()
    if (ended) return { records, malformed }
  }
}
