import { JOB_SETTINGS } from '../../jobs/measured-job.ts'
import { ratioFloor } from '../../runner/floors.ts'
import { programSuite } from '../../runner/program-suite.ts'
import type { Suite } from '../../runner/suite.ts'
import { chainAmongOthers, chainByJob, chainByLoop } from './chain-programs.ts'

const SIZES = {
  full: { records: 100_000_000, warmUpRecords: 20_000_000 },
  quick: { records: 2_000_000, warmUpRecords: 1_000_000 },
  group: 'chain',
}

/** What the job must reach against the loop. */
const LOOP_FLOOR = 0.5

/** Six operators without state against the same functions in one loop. */
export const chain: Suite = programSuite({
  name: 'chain',
  about: 'six operators in a chain against a hand-written loop',
  programs: [
    { ...SIZES, name: 'job', engine: 'millrace', settings: JOB_SETTINGS, run: chainByJob },
    {
      ...SIZES,
      name: 'job-among-others',
      engine: 'millrace',
      settings: JOB_SETTINGS,
      notes: ['eight other jobs have run in the isolate'],
      run: chainAmongOthers,
    },
    { ...SIZES, name: 'loop', engine: 'hand-written loop', settings: {}, run: chainByLoop },
  ],
  floorsOf: (results) => [...ratioFloor(results, { of: 'job', over: 'loop', atLeast: LOOP_FLOOR })],
})
