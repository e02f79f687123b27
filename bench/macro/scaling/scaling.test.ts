import { describe, expect, it } from 'vitest'
import { expectedOutput } from '../../jobs/checked-job.ts'
import { runCheckedJob } from '../../jobs/run-checked-job.ts'
import { sendByPostMessage } from './post-message.ts'
import { SCALING_JOBS } from './scaling-jobs.ts'

const program = new URL('./scaling-jobs.ts', import.meta.url).href
const RECORDS = 50_000

describe('the jobs of the suite scaling (BEN-12)', () => {
  it.each(SCALING_JOBS.map((job) => [job.name, job] as const))(
    '%s has the same output on one thread and on two',
    async (_name, job) => {
      const expected = await expectedOutput(job, { records: RECORDS, parallelism: 1 })
      expect(expected).not.toMatch(/^0-/)
      for (const parallelism of [1, 2]) {
        const { output } = await runCheckedJob(job, RECORDS, { parallelism, program })
        expect(output).toBe(expected)
      }
    },
  )

  it('postMessage brings the same rows', async () => {
    const job = SCALING_JOBS.find(({ name }) => name === 'exchange-rows')
    if (job === undefined) throw new Error('there is no job exchange-rows')
    const expected = await expectedOutput(job, { records: RECORDS, parallelism: 1 })
    expect((await sendByPostMessage(RECORDS)).output).toBe(expected)
  })
})
