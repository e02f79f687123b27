import type { AnyCheckedJob } from '../../jobs/checked-job.ts'
import { type CheckedProgramParts, checkedProgram } from '../../jobs/checked-program.ts'
import { ratioFloor } from '../../runner/floors.ts'
import type { Program } from '../../runner/program.ts'
import { programSuite } from '../../runner/program-suite.ts'
import type { Suite } from '../../runner/suite.ts'
import { CORE_JOBS } from './core-jobs.ts'

/** The module that builds the jobs in threads. */
export const CORE_PROGRAM: string = new URL('./core-jobs.ts', import.meta.url).href

/** What windows of 3,600 panes must reach against windows of 60. */
const SLIDING_FLOOR = 0.5

const MILLION = 1e6

/** The records of a measured run, for about ten seconds. */
const RECORDS: Readonly<Record<string, number>> = {
  'map-sink': 240 * MILLION,
  'map-rebalance-map': 200 * MILLION,
  'key-by': 120 * MILLION,
  'tumbling-reduce': 120 * MILLION,
  'tumbling-aggregate': 120 * MILLION,
  'sliding-60': 10 * MILLION,
  'sliding-3600': 10 * MILLION,
  session: 60 * MILLION,
  'global-count-trigger': 12 * MILLION,
  'interval-join': 10 * MILLION,
  'window-join': 12 * MILLION,
  'async-ordered': 30 * MILLION,
  'async-unordered': 30 * MILLION,
  'user-timers': 12 * MILLION,
  'word-count': 24 * MILLION,
}

/** Jobs that are measured at more than one parallelism, in this isolate and on threads. */
const PARALLEL: Readonly<Record<string, readonly Pick<CheckedProgramParts, 'place' | 'name'>[]>> = {
  'map-rebalance-map': [onThreads(2)],
  'key-by': [onThreads(2)],
  'word-count': [{ name: '-p2', place: { parallelism: 2 } }, ...[1, 2, 4, 8].map(onThreads)],
}

const programs: readonly Program[] = CORE_JOBS.flatMap((job) => [
  programOf(job, { name: '', place: { parallelism: 1 } }),
  ...(PARALLEL[job.name] ?? []).map((parts) => programOf(job, parts)),
])

/** Twins of the jobs of flink-benchmarks, each with a checkpoint every second. */
export const core: Suite = programSuite({
  name: 'core',
  about: 'maps, exchanges, windows, joins, async I/O, timers, word count',
  programs,
  floorsOf: (results) => [
    ...ratioFloor(results, { of: 'sliding-3600', over: 'sliding-60', atLeast: SLIDING_FLOOR }),
  ],
})

function programOf(
  job: AnyCheckedJob,
  { name: suffix, place }: Pick<CheckedProgramParts, 'place' | 'name'>,
): Program {
  const records = RECORDS[job.name] as number
  return checkedProgram(job, { name: `${job.name}${suffix}`, place, records })
}

function onThreads(parallelism: number): Pick<CheckedProgramParts, 'place' | 'name'> {
  return { name: `-threads-${parallelism}`, place: { parallelism, program: CORE_PROGRAM } }
}
