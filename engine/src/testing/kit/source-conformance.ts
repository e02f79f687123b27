import type { Env } from '../../env/env.ts'
import type { Source } from '../../operator/source/source.ts'
import { TestEnv } from '../test-env.ts'
import type { ConformanceCase } from './conformance-case.ts'
import {
  afterTheEnd,
  closing,
  everyRecordOnce,
  exactPositions,
  idlePolls,
  rescaling,
  type SourceSubject,
  splitsGivenBack,
  stableSnapshots,
} from './source-cases.ts'

/** What {@link sourceConformance} has to know of a source. */
export interface SourceConformanceOptions<T, Split, State> {
  /** Makes the source as the program would at each start; it must read the same input each time. */
  readonly makeSource: () => Source<T, Split, State>
  /** Every record of the input, in any order. 10 to 200 are enough; two may be equal. */
  readonly expected: readonly T[]
  /**
   * The surroundings of one run, such as files to read. Called for each run. Default: a `TestEnv`
   * without files. Sources with real sockets need the env of their platform.
   */
  readonly makeEnv?: (seed: number) => Env | Promise<Env>
  /** What tells two records apart. Default: their whole value. */
  readonly idOf?: (record: T) => string
  /** How many of the records are expected to be reported as malformed. Default 0. */
  readonly malformedCount?: number
  /** How many random runs a case makes. Default 15. */
  readonly runCount?: number
  /**
   * False for an input that cannot be read again, such as a socket: only what holds without a
   * restore is checked. Default true.
   */
  readonly isReplayable?: boolean
}

/**
 * The conformance kit of sources: what the engine relies on, as a list of named checks that any
 * test runner can loop over. Every record comes exactly once at parallelism 1 to 4, with snapshots
 * and restores at random points, after a change of parallelism and after one subtask has failed
 * alone; positions are exact to the record; readers wake their task; nothing comes after the end.
 *
 * An unbounded source is run until all expected records have come, and then for a while longer.
 *
 * ```ts
 * const cases = sourceConformance({
 *   makeSource: () => collectionSource(['a', 'b', 'c']),
 *   expected: ['a', 'b', 'c'],
 * })
 * for (const { run } of cases) await run()
 * cases[0]?.name // => 'every record comes once at parallelism 1 to 4'
 * ```
 * @see FLIP-27, "Refactor Source Interface"
 */
export function sourceConformance<T, Split, State>(
  options: SourceConformanceOptions<T, Split, State>,
): readonly ConformanceCase[] {
  const subject: SourceSubject<T, Split, State> = {
    makeSource: options.makeSource,
    expected: options.expected,
    makeEnv: options.makeEnv ?? ((seed) => new TestEnv({ seed })),
    idOf: options.idOf,
    malformedCount: options.malformedCount ?? 0,
    runCount: options.runCount ?? 15,
  }
  const anySource = [
    named('every record comes once at parallelism 1 to 4', () => everyRecordOnce(subject)),
    named('a reader that waits may be polled all the same', () => idlePolls(subject)),
    named('nothing comes after the end', () => afterTheEnd(subject)),
    named('readers and enumerator may be closed at any time, twice too', () => closing(subject)),
  ]
  if (options.isReplayable === false) return anySource
  return [
    ...anySource,
    named('a snapshot after any record is exact to the record', () => exactPositions(subject)),
    named('a snapshot does not change when reading goes on', () => stableSnapshots(subject)),
    named('snapshots and restores at random points, at a changed parallelism', () =>
      rescaling(subject),
    ),
    named('a subtask that fails alone gives its splits back', () => splitsGivenBack(subject)),
  ]
}

function named(name: string, run: () => Promise<void>): ConformanceCase {
  return { name, run }
}
