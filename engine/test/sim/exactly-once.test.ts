import { afterAll, describe, expect, test } from 'vitest'
import { FAULT_POINTS } from './fault-schedule.ts'
import { describeCounters, describeFailure, runSeeds } from './run-seeds.ts'

const BATCH_SIZE = 125
const BATCH_COUNT = 8

/** Over all batches. */
const counters = new Map<string, number>()

describe('random pipelines, random crash points, random scheduling: exactly once', () => {
  for (let batch = 0; batch < BATCH_COUNT; batch++) {
    const first = 1 + batch * BATCH_SIZE
    test(`seeds ${first} to ${first + BATCH_SIZE - 1}`, { timeout: 120_000 }, async () => {
      const summary = await runSeeds({ first, count: BATCH_SIZE, failuresMax: 1 })
      for (const [name, times] of summary.counters) {
        counters.set(name, (counters.get(name) ?? 0) + times)
      }
      expect(summary.failed.map(describeFailure).join('\n')).toBe('')
      expect(summary.passed).toBe(BATCH_SIZE)
    })
  }

  test('every kind of fault has struck somewhere', () => {
    const wanted = [
      ...FAULT_POINTS.flatMap((point) => [`crash@${point}`, `powerFail@${point}`, `fail@${point}`]),
      ...['kill', 'powerFail', 'pause', 'fault:throw', 'fault:EIO'],
      ...['log:failed', 'log:timed-out', 'log:timed-out-yet-done'],
    ]
    expect(wanted.filter((name) => !counters.has(name))).toEqual([])
  })
})

afterAll(() => console.log(describeCounters(counters).join('\n')))
