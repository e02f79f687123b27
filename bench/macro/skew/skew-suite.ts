import { checkedProgram } from '../../jobs/checked-program.ts'
import { ratioFloor } from '../../runner/floors.ts'
import type { Program } from '../../runner/program.ts'
import { programSuite } from '../../runner/program-suite.ts'
import type { Suite } from '../../runner/suite.ts'
import { SKEW_JOBS } from './skew-jobs.ts'

/** The module that builds the jobs in threads. */
const program: string = new URL('./skew-jobs.ts', import.meta.url).href

const RECORDS = 40_000_000

/** What two phases must reach against one where four of five records are of one key. */
const TWO_PHASE_FLOOR = 1

/** Sums of windows over skewed keys, in one phase and in two, on two threads and on four. */
export const skew: Suite = programSuite({
  name: 'skew',
  about: 'a hot key and Zipf 0 to 1.5, summed in one phase and in two',
  programs: [2, 4].flatMap((threads) => SKEW_JOBS.map((job) => programOf(job, threads))),
  floorsOf: (results) => [
    ...ratioFloor(results, {
      of: 'hot-80-two-phase-threads-4',
      over: 'hot-80-one-phase-threads-4',
      atLeast: TWO_PHASE_FLOOR,
    }),
  ],
})

function programOf(job: (typeof SKEW_JOBS)[0], parallelism: number): Program {
  return checkedProgram(job, {
    name: `${job.name}-threads-${parallelism}`,
    place: { parallelism, program },
    records: RECORDS,
    group: job.name.replace(/-(one|two)-phase$/, ''),
  })
}
