import { checkedProgram } from '../../jobs/checked-program.ts'
import type { BenchmarkResult } from '../../runner/benchmark-result.ts'
import { rateFloor, ratioFloor } from '../../runner/floors.ts'
import type { Program } from '../../runner/program.ts'
import { programSuite } from '../../runner/program-suite.ts'
import type { Floor, Suite } from '../../runner/suite.ts'
import { sendByPostMessage } from './post-message.ts'
import { SCALING_JOBS } from './scaling-jobs.ts'

const MILLION = 1e6

/** The module that builds the jobs in threads. */
const program: string = new URL('./scaling-jobs.ts', import.meta.url).href

/** What two threads must reach against one. */
const THREADS_FLOOR = 1.2
/** What windows with functions of the user must reach on two threads, in records per second. */
const WINDOWS_FLOOR = 20 * MILLION
/** What rows with texts must reach from thread to thread: per second, and over `postMessage`. */
const ROWS_FLOOR = 5 * MILLION
const POST_MESSAGE_FLOOR = 5

const POST_MESSAGE = 'post-message'

/** One thread against two, and what goes between two threads. */
export const scaling: Suite = programSuite({
  name: 'scaling',
  about: 'jobs on one thread and on two; rows from thread to thread',
  programs: [
    onThreads('q4', 1, 30 * MILLION),
    onThreads('q4', 2, 30 * MILLION),
    onThreads('q5', 1, 40 * MILLION),
    onThreads('q5', 2, 40 * MILLION),
    onThreads('tumbling-aggregate', 1, 100 * MILLION),
    onThreads('tumbling-aggregate', 2, 100 * MILLION),
    onThreads('exchange-rows', 2, 40 * MILLION),
    onThreads('exchange-numbers', 2, 100 * MILLION),
    byPostMessage(10 * MILLION),
  ],
  floorsOf,
})

function onThreads(name: string, parallelism: number, records: number): Program {
  const job = SCALING_JOBS.find((one) => one.name === name)
  if (job === undefined) throw new RangeError(`there is no job '${name}'`)
  const place = { parallelism, program }
  return checkedProgram(job, { name: `${name}-threads-${parallelism}`, place, records })
}

function byPostMessage(records: number): Program {
  return {
    name: POST_MESSAGE,
    engine: 'Node postMessage',
    engineVersion: process.versions.node,
    full: { records, warmUpRecords: records / 4 },
    quick: { records: records / 100, warmUpRecords: records / 200 },
    settings: {},
    notes: ['arrays of 1,024 rows, no checkpoints'],
    run: sendByPostMessage,
  }
}

function floorsOf(results: readonly BenchmarkResult[]): readonly Floor[] {
  const twoOverOne = (name: string): readonly Floor[] =>
    ratioFloor(results, {
      of: `${name}-threads-2`,
      over: `${name}-threads-1`,
      atLeast: THREADS_FLOOR,
    })
  const rows = 'exchange-rows-threads-2'
  return [
    ...twoOverOne('q4'),
    ...twoOverOne('q5'),
    ...rateFloor(results, { of: 'tumbling-aggregate-threads-2', atLeast: WINDOWS_FLOOR }),
    ...rateFloor(results, { of: rows, atLeast: ROWS_FLOOR }),
    ...ratioFloor(results, { of: rows, over: POST_MESSAGE, atLeast: POST_MESSAGE_FLOOR }),
  ]
}
