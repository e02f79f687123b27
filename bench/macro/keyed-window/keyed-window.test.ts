import { describe, expect, it } from 'vitest'
import { expectedOutput } from '../../jobs/checked-job.ts'
import { runCheckedJob } from '../../jobs/run-checked-job.ts'
import { timeOf } from '../core/entries.ts'
import { KEYED_WINDOW_SHAPE, onePhase, twoPhase } from './keyed-window-jobs.ts'
import { keyedWindow } from './keyed-window-suite.ts'

const program = new URL('./keyed-window-jobs.ts', import.meta.url).href

/** A few, more than a batch but not all keys, and into a second window. */
const SIZES = [10, 5_003, 1_500_000]

describe('the input of the suite keyed-window (BEN-01)', () => {
  // Programs in other languages make the same records: a change here is a change there.
  it.each([
    [0, 0, 0, 0],
    [1, 5_952, 104, 0],
    [2, 1_905, 209, 0],
    [999, 8_963, 84, 0],
    [1_000, 1_442, 83, 1],
    [123_456_789, 2_664, 168, 123_456],
    [2 ** 31 + 7, 9_857, 56, 2_147_483],
    [2 ** 32 + 1, 5_952, 104, 4_294_967],
  ])('is a function of the number of a record: %d', (number, key, value, timeMs) => {
    expect(KEYED_WINDOW_SHAPE.entryAt(number)).toEqual({ key, value })
    expect(timeOf(number, KEYED_WINDOW_SHAPE)).toBe(timeMs)
  })

  it.each([
    [10, '10-5286d998df072d5d'],
    [100_000, '10000-f1bba65657f91ff5'],
    [1_500_000, '20000-1cb346965e9448aa'],
  ])('has the same sums on every platform: %d records', async (records, digest) => {
    expect(await expectedOutput(onePhase, { records, parallelism: 1 })).toBe(digest)
  })
})

describe('the jobs of the suite keyed-window (BEN-01)', () => {
  it.each(SIZES)('give the sums of plain loops over %d records', async (records) => {
    const expected = await expectedOutput(onePhase, { records, parallelism: 1 })
    const outputs = [
      await runCheckedJob(onePhase, records, { parallelism: 1 }),
      await runCheckedJob(onePhase, records, { parallelism: 3 }),
      await runCheckedJob(onePhase, records, { parallelism: 2, program }),
      await runCheckedJob(twoPhase, records, { parallelism: 1 }),
      await runCheckedJob(twoPhase, records, { parallelism: 2, program }),
    ]
    expect(outputs.map(({ output }) => output)).toEqual(outputs.map(() => expected))
  })

  it('are samples of the suite', async () => {
    const { outputs } = await keyedWindow.sample('one-phase', true)
    expect(outputs).toEqual({ 'one-phase': expect.stringMatching(/^20000-/) })
  })
})
