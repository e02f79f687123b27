import { describe, expect, it } from 'vitest'
import { resultWith, sampleWith } from '../runner/sample-fixture.ts'
import { type ChildReport, WrongOutput } from '../runner/suite.ts'
import { resultFileFault } from '../runner/validate-result.ts'
import { CountDigest } from './count-digest.ts'
import { WINDOW_MS } from './readings.ts'
import { outcomeOf } from './windowed-count.ts'
import { countByJob } from './windowed-count-job.ts'
import { countByLoop } from './windowed-count-loop.ts'

const SETTINGS = { checkpointIntervalMs: 10, watermarkIntervalMs: 5 }

/** Two whole windows and a part of a third. */
const RECORDS = 2_500_000

/** The same counts from what the job is said to do, without the functions it shares. */
function countPlainly(records: number): CountDigest {
  const counts = new Map<string, number>()
  for (let index = 0; index < records; index++) {
    let word = index
    word = Math.imul(word ^ (word >>> 16), 0x7feb352d)
    word = Math.imul(word ^ (word >>> 15), 0x846ca68b)
    word = (word ^ (word >>> 16)) >>> 0
    if (Math.floor(word / 65_536) >= 57_000) continue
    const window = Math.floor(index / 100 / WINDOW_MS)
    const key = `${word % 1_000}|${window * WINDOW_MS}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const digest = new CountDigest()
  for (const [key, count] of [...counts].reverse()) {
    const [sensor, startMs] = key.split('|').map(Number) as [number, number]
    digest.add(sensor, startMs, count)
  }
  return digest
}

describe('the windowed count', () => {
  it('gives the same counts as a job, as a loop, and plainly', async () => {
    const expected = countPlainly(RECORDS)
    expect(expected.results).toBe(3_000)
    expect(countByLoop(RECORDS, SETTINGS.watermarkIntervalMs).text).toBe(expected.text)
    const { digest, completedCheckpoints } = await countByJob(RECORDS, SETTINGS)
    expect(digest.text).toBe(expected.text)
    expect(completedCheckpoints).toBeGreaterThan(1)
  })
})

describe('CountDigest', () => {
  it('depends on each field of each result, and not on their order', () => {
    const digestOf = (...counts: readonly (readonly [number, number, number])[]): string => {
      const digest = new CountDigest()
      for (const [sensor, startMs, count] of counts) digest.add(sensor, startMs, count)
      return digest.text
    }
    const expected = digestOf([1, 0, 5], [2, 10_000, 6])
    expect(digestOf([2, 10_000, 6], [1, 0, 5])).toBe(expected)
    expect(digestOf([2, 0, 5], [1, 10_000, 6])).not.toBe(expected)
    expect(digestOf([1, 10_000, 5], [2, 0, 6])).not.toBe(expected)
    expect(digestOf([1, 0, 6], [2, 10_000, 5])).not.toBe(expected)
    expect(digestOf([1, 0, 5])).not.toBe(expected)
    expect(digestOf([1, 0, 5], [2, 10_000, 6], [2, 10_000, 6])).not.toBe(expected)
  })
})

describe('the outcome of the suite', () => {
  function reportOf(engine: number, loop: number, digest: string = 'd'): ChildReport {
    return {
      samples: { engine: sampleWith({ value: engine }), loop: sampleWith({ value: loop }) },
      outputs: { engine: 'd', loop: digest },
      facts: { checkpoints: engine },
    }
  }
  const { suite, parameters, engineVersion, commit, dirty, settings, startedAt, runId, machine } =
    resultWith()
  const run = { startedAt, runId, machine }
  const common = { suite, parameters, engineVersion, commit, dirty, settings, ...run }

  it('has a result for the job, the loop, and the median of the ratios of pairs', () => {
    const reports = [reportOf(10, 40), reportOf(30, 40), reportOf(20, 100)]
    const { results, floors } = outcomeOf(reports, common, 15)
    expect(results.map((result) => [result.case, result.median])).toEqual([
      ['engine', 20],
      ['loop', 40],
      ['engine-over-loop', 0.25],
    ])
    expect(floors.map(({ actual, atLeast }) => [actual, atLeast])).toEqual([
      [0.25, 0.3],
      [20, 5e6],
      [10, 15],
    ])
  })

  it('can be recorded', () => {
    expect(resultFileFault(outcomeOf([reportOf(1, 2)], common, 0).results)).toBeUndefined()
  })

  it('is none if the outputs differ', () => {
    const reports = [reportOf(1, 2), reportOf(1, 2, 'other')]
    expect(() => outcomeOf(reports, common, 0)).toThrow(WrongOutput)
  })
})
