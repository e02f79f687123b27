import { describe, expect, test } from 'vitest'
import { sourceConformance } from '../../testing/kit/source-conformance.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { TestEnv } from '../../testing/test-env.ts'
import { sequenceSource } from '../collection/sequence-source.ts'
import { rateLimited } from './rate-limited.ts'

test.each([1, 2, 4])('1,000 a second, within 5 %%, at parallelism %i', async (parallelism) => {
  const env = new TestEnv()
  const source = rateLimited(sequenceSource(1, 20_000), 1_000)
  const harness = new SourceHarness(source, env, parallelism)
  const startMs = env.clock.nowMs()
  const perSecond: number[] = []
  let counted = 0
  while (!harness.isDone) {
    while (harness.hasWork) await harness.step((count) => count - 1, 500)
    env.clock.advanceTo(env.clock.nowMs() + 5)
    const elapsedMs = env.clock.nowMs() - startMs
    if (elapsedMs % 1_000 === 0) {
      perSecond.push(harness.records.length - counted)
      counted = harness.records.length
    }
  }
  expect(harness.records.length).toBe(20_000)
  const seconds = (env.clock.nowMs() - startMs) / 1_000
  expect(seconds).toBeGreaterThan(20 * 0.95)
  expect(seconds).toBeLessThan(20 * 1.05)
  for (const count of perSecond.slice(1, 18)) {
    expect(count).toBeGreaterThan(950)
    expect(count).toBeLessThan(1_050)
  }
})

test('after a pause no more than a second is made up for', async () => {
  const env = new TestEnv()
  const harness = new SourceHarness(rateLimited(sequenceSource(1, 9_000), 1_000), env, 1)
  harness.poll(0, 1)
  env.clock.advanceTo(60_000)
  while (harness.hasWork) await harness.step(() => 0, 500)
  expect(harness.records.length).toBeLessThanOrEqual(1_001)
  expect(harness.records.length).toBeGreaterThan(900)
  harness.close()
})

test('a rate that makes no sense is refused', () => {
  for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => rateLimited(sequenceSource(1, 2), rate)).toThrow('recordsPerSecond')
  }
})

describe('the source stays conformant', () => {
  const expected = Array.from({ length: 40 }, (_value, index) => index)
  const makeSource = () => rateLimited(sequenceSource(0, 39), 2_000)
  for (const { name, run } of sourceConformance({ makeSource, expected, runCount: 6 })) {
    test(name, run)
  }
})
