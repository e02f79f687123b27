import type { Program } from '../runner/program.ts'
import { type AnyCheckedJob, expectedOutput } from './checked-job.ts'
import { type JobPlace, runCheckedJob, settingsAt } from './run-checked-job.ts'

/** How many records a job is checked with before it is measured. */
const CHECKED_RECORDS = { full: 400_000, quick: 40_000 }

/** What tells the measured runs of a job apart. */
export interface CheckedProgramParts {
  readonly name: string
  readonly place: JobPlace
  /** Of a measured run. */
  readonly records: number
  /** Programs of one group must have the same output. Default: those of the same job. */
  readonly group?: string
  readonly notes?: readonly string[]
}

/**
 * A job as a program of a suite. It is checked against its plain loops; all runs of one job, at any
 * parallelism, must have the same output.
 */
export function checkedProgram(
  job: AnyCheckedJob,
  { name, place, records, group = job.name, notes = [] }: CheckedProgramParts,
): Program {
  return {
    name,
    engine: 'millrace',
    group,
    full: { records, warmUpRecords: records / 4 },
    quick: { records: records / 100, warmUpRecords: records / 200 },
    settings: settingsAt(place),
    notes,
    run: (count) => runCheckedJob(job, count, place),
    verify: async (quick) => {
      const count = quick ? CHECKED_RECORDS.quick : CHECKED_RECORDS.full
      const { output } = await runCheckedJob(job, count, place)
      const expected = await expectedOutput(job, { ...place, records: count })
      return {
        status: output === expected ? 'equal' : 'FAILED',
        outputHash: null,
        reference: `${job.reference ?? 'plain loops'} over ${count} records`,
      }
    },
  }
}
