import { describe, expect, it } from 'vitest'
import { expectedOutput } from '../../jobs/checked-job.ts'
import { runCheckedJob } from '../../jobs/run-checked-job.ts'
import { CORE_JOBS } from './core-jobs.ts'

const program = new URL('./core-jobs.ts', import.meta.url).href
const RECORDS = 24_000

describe('the jobs of the suite core (BEN-01, BEN-11)', () => {
  it.each(CORE_JOBS.map((job) => [job.name, job] as const))('%s', async (_name, job) => {
    const expected = await expectedOutput(job, { records: RECORDS, parallelism: 1 })
    expect(expected).not.toMatch(/^0-/)
    expect((await runCheckedJob(job, RECORDS, { parallelism: 1 })).output).toBe(expected)
    const [first, second] = [
      await runCheckedJob(job, RECORDS, { parallelism: 2 }),
      await runCheckedJob(job, RECORDS, { parallelism: 2, program }),
    ]
    expect(first.output).toBe(expected)
    expect(second.output).toBe(expected)
  })
})
