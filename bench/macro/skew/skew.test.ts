import { describe, expect, it } from 'vitest'
import { expectedOutput } from '../../jobs/checked-job.ts'
import { runCheckedJob } from '../../jobs/run-checked-job.ts'
import { hotKey, SENSORS, zipf } from './key-spread.ts'
import { SKEW_JOBS } from './skew-jobs.ts'

const program = new URL('./skew-jobs.ts', import.meta.url).href
const RECORDS = 60_000
const JOBS = SKEW_JOBS.filter(({ name }) => /^(hot-80|zipf-1)-/.test(name))

/** Which part of all records the most frequent keys have. */
function shares(keys: Int32Array): readonly number[] {
  const counts = new Float64Array(SENSORS)
  for (const key of keys) counts[key] = (counts[key] as number) + 1
  return [...counts].sort((left, right) => right - left).map((count) => count / keys.length)
}

describe('how often keys come', () => {
  it('is as asked for', () => {
    expect(shares(hotKey(80).keys)[0]).toBeCloseTo(0.8, 2)
    expect(shares(zipf(0).keys)[0]).toBeCloseTo(1 / SENSORS, 4)
    const [first = 0, second = 0, third = 0] = shares(zipf(1).keys)
    expect(first / second).toBeCloseTo(2, 1)
    expect(first / third).toBeCloseTo(3, 1)
    expect(shares(zipf(1.5).keys)[0]).toBeGreaterThan(0.35)
  })
})

describe('the jobs of the suite skew (PAR-07, BEN-12)', () => {
  it.each(JOBS.map((job) => [job.name, job] as const))(
    '%s has the same output on two threads as plainly',
    async (_name, job) => {
      const expected = await expectedOutput(job, { records: RECORDS, parallelism: 1 })
      const { output } = await runCheckedJob(job, RECORDS, { parallelism: 2, program })
      expect(output).toBe(expected)
    },
  )

  it('have the same sums in one phase and in two, on four threads', async () => {
    const outputs = await Promise.all(
      SKEW_JOBS.slice(0, 2).map((job) => runCheckedJob(job, RECORDS, { parallelism: 4, program })),
    )
    expect(outputs[0]?.output).toBe(outputs[1]?.output)
  })
})
