import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { keyOfSeed, Prng } from '../../base/prng.ts'
import { runWithRestores } from '../../testing/kit/run-with-restores.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { type DatagenOptions, datagenSource } from './datagen-source.ts'

interface Row {
  readonly index: number
  readonly draw: number
}

const options: DatagenOptions<Row> = {
  generate: (index, random) => ({ index, draw: random.below(1_000_000) }),
  count: 100,
  seed: 7,
}

function byIndex(left: Row, right: Row): number {
  return left.index - right.index
}

test('the same seed gives the same rows at any parallelism and with restores', async () => {
  const env = manualEnv(new MemoryFileSystem())
  const first = await new SourceHarness(datagenSource(options), env, 1).runToEnd()
  expect(first.records.map((row) => row.index)).toEqual(Array.from({ length: 100 }, (_, i) => i))
  expect(new Set(first.records.map((row) => row.draw)).size).toBeGreaterThan(90)
  for (let seed = 0; seed < 20; seed++) {
    const prng = new Prng(keyOfSeed(seed))
    const { records } = await runWithRestores(
      () => datagenSource(options),
      env,
      (bound) => prng.below(bound),
    )
    expect([...records].sort(byIndex)).toEqual(first.records)
  }
  const other = await new SourceHarness(datagenSource({ ...options, seed: 8 }), env, 1).runToEnd()
  expect(other.records).not.toEqual(first.records)
})

test('10,000 rows at 1,000 a second take 10 s, spread evenly, at parallelism 1 and 3', async () => {
  for (const parallelism of [1, 3]) {
    const env = manualEnv(new MemoryFileSystem())
    const source = datagenSource({ ...options, count: 10_000, ratePerSecond: 1_000 })
    const harness = new SourceHarness(source, env, parallelism)
    const startMs = env.clock.nowMs()
    let steps = 0
    while (!harness.isDone && steps++ < 100_000) {
      await harness.step(() => 0, 1_000)
      const nextMs = env.nextTimerMs()
      if (nextMs !== undefined && !harness.hasWork)
        env.advance(Math.max(0, nextMs - env.clock.nowMs()))
      const elapsedMs = env.clock.nowMs() - startMs
      expect(harness.records.length).toBeLessThanOrEqual(elapsedMs + parallelism)
    }
    expect(harness.records.length).toBe(10_000)
    expect(env.clock.nowMs() - startMs).toBeGreaterThanOrEqual(9_990)
    expect(env.clock.nowMs() - startMs).toBeLessThanOrEqual(10_050)
  }
})

test('without a count the source does not end, and every split in hand moves on', async () => {
  const env = manualEnv(new MemoryFileSystem())
  const source = datagenSource<number>({ generate: (index) => index })
  const before = new SourceHarness(source, env, 3)
  for (let i = 0; i < 30; i++) await before.step((count) => i % count, 5)
  expect(source.boundedness).toBe('unbounded')
  expect(before.isDone).toBe(false)
  const after = new SourceHarness(source, env, 1, before.snapshot())
  for (let i = 0; i < 30; i++) await after.step(() => 0, 5)
  const all = [...before.records, ...after.records]
  expect(new Set(all).size).toBe(all.length)
  expect(new Set(after.records.map((index) => index % 3)).size).toBe(3)
})

test('a count or a rate that makes no sense is refused', () => {
  expect(() => datagenSource({ ...options, count: -1 })).toThrow('count is -1')
  expect(() => datagenSource({ ...options, ratePerSecond: 0 })).toThrow('ratePerSecond is 0')
})
