import type { Env } from '../../env/env.ts'
import type { Sink } from '../../operator/sink/sink.ts'
import { contractViolation } from '../contract-violation.ts'
import { TestEnv } from '../test-env.ts'
import type { ConformanceCase } from './conformance-case.ts'
import {
  abortedCheckpoint,
  closingSink,
  commitTwice,
  crashAtEachStep,
  emptyCheckpoints,
  invisibleBeforeCommit,
  lostCommittables,
  plainRun,
  type SinkSubject,
  severalCheckpoints,
} from './sink-cases.ts'

/** What {@link sinkConformance} has to know of a sink. */
export interface SinkConformanceOptions<T, Committable, State, Target> {
  /** Makes an empty target, such as a fake service. Called for each run. */
  readonly makeTarget: (env: Env) => Target | Promise<Target>
  /** Makes the sink as the program would at each start. */
  readonly makeSink: (target: Target) => Sink<T, Committable, State>
  /** The records that a reader of the target sees now. */
  readonly readCommitted: (target: Target, env: Env) => readonly T[] | Promise<readonly T[]>
  /** The records to write, all different. 6 to 20 are enough. */
  readonly records: readonly T[]
  /**
   * What the sink promises. Default `exactly-once`; with `at-least-once` records may be seen early
   * and twice, and none may be lost.
   */
  readonly guarantee?: 'exactly-once' | 'at-least-once'
  /**
   * Makes from a real committable one whose data is not there, as if the target had dropped it: an
   * expired transaction, a deleted file. To commit it must fail. Leave it out only if committables
   * carry their data with them.
   */
  readonly lose?: (committable: Committable) => Committable
  /** The surroundings of one run. Default: a `TestEnv` with files in memory. */
  readonly makeEnv?: (seed: number) => Env | Promise<Env>
  /** What tells two records apart. Default: their whole value. */
  readonly idOf?: (record: T) => string
}

/**
 * The conformance kit of sinks: what the engine relies on, as a list of named checks that any test
 * runner can loop over. Nothing is visible before its checkpoint is complete; to commit twice is to
 * commit once; what cannot be committed is an error and no silence; a crash at any step, followed
 * by a restore at another parallelism, loses nothing and doubles nothing.
 *
 * ```ts
 * const cases = sinkConformance({
 *   makeTarget: (): string[] => [],
 *   makeSink: (seen) => collectSink<string>({ add: (word) => void seen.push(word) }),
 *   readCommitted: (seen) => seen,
 *   records: ['a', 'b', 'c', 'd', 'e', 'f'],
 * })
 * for (const { run } of cases) await run().catch(() => {})
 * cases[0]?.name // => 'every record arrives, at parallelism 1 to 3'
 * ```
 * @throws CONTRACT_VIOLATION if the records are fewer than 6 or two of them are equal
 * @see FLIP-143, "Unified Sink API"
 */
export function sinkConformance<T, Committable, State, Target>(
  options: SinkConformanceOptions<T, Committable, State, Target>,
): readonly ConformanceCase[] {
  if (options.records.length < 6) {
    throw contractViolation(`${options.records.length} records prove nothing; give 6 or more`)
  }
  const subject: SinkSubject<T, Committable, State, Target> = {
    ...options,
    guarantee: options.guarantee ?? 'exactly-once',
    makeEnv: options.makeEnv ?? ((seed) => new TestEnv({ seed })),
    lose: options.lose,
    idOf: options.idOf,
  }
  const cases: ConformanceCase[] = [
    named('every record arrives, at parallelism 1 to 3', () => plainRun(subject)),
    named('checkpoints without records do nothing', () => emptyCheckpoints(subject)),
    named('a crash at each step, then a restore at another parallelism', () =>
      crashAtEachStep(subject),
    ),
    named('what an aborted checkpoint held is committed with the next one', () =>
      abortedCheckpoint(subject),
    ),
    named('committables of several checkpoints are restored together', () =>
      severalCheckpoints(subject),
    ),
    named('writers and committer may be closed at any time, twice too', () => closingSink(subject)),
  ]
  if (subject.guarantee === 'exactly-once') {
    cases.push(
      named('nothing is visible before the commit', () => invisibleBeforeCommit(subject)),
      named('to commit twice is to commit once', () => commitTwice(subject)),
    )
  }
  const { lose } = subject
  if (lose !== undefined) {
    cases.push(named('what cannot be committed is an error', () => lostCommittables(subject, lose)))
  }
  return cases
}

function named(name: string, run: () => Promise<void>): ConformanceCase {
  return { name, run }
}
