import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { keyOfSeed, Prng } from '../../base/prng.ts'
import { runWithRestores } from '../../testing/kit/run-with-restores.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { collectionSource } from './collection-source.ts'
import { sequenceSource } from './sequence-source.ts'

const env = manualEnv(new MemoryFileSystem())

test('values come in order at parallelism 1, with their event time', async () => {
  const source = collectionSource(['a', 'bb', ''], { timestamp: (value) => value.length })
  const harness = await new SourceHarness(source, env, 1).runToEnd()
  expect(harness.records).toEqual(['a', 'bb', ''])
  expect(harness.timestamps).toEqual([1, 2, 0])
})

test('without a timestamp records have none', async () => {
  const harness = await new SourceHarness(collectionSource([1]), env, 2).runToEnd()
  expect(harness.timestamps).toEqual([Number.NaN])
})

test('a sequence includes both ends and may be empty', async () => {
  const records = async (from: number, to: number): Promise<readonly number[]> =>
    (await new SourceHarness(sequenceSource(from, to), env, 1).runToEnd()).records
  expect(await records(-2, 2)).toEqual([-2, -1, 0, 1, 2])
  expect(await records(5, 5)).toEqual([5])
  expect(await records(5, 4)).toEqual([])
  expect(() => sequenceSource(0, 1.5)).toThrow('safe integers')
})

test('every number comes exactly once at any parallelism, with restores anywhere', async () => {
  const property = fc.asyncProperty(fc.nat(200), fc.nat(), async (last, seed) => {
    const prng = new Prng(keyOfSeed(seed))
    const { records } = await runWithRestores(
      () => sequenceSource(0, last),
      env,
      (bound) => prng.below(bound),
    )
    const expected = Array.from({ length: last + 1 }, (_value, index) => index)
    expect([...records].sort((left, right) => left - right)).toEqual(expected)
  })
  await fc.assert(property, { seed: 1, numRuns: 100 })
})

test('splits of a failed reader are given to the next that asks, before all others', () => {
  const assigned: unknown[] = []
  const ended: number[] = []
  const enumerator = sequenceSource(0, 3).createEnumerator(
    {
      parallelism: 2,
      env,
      assignSplit: (split, subtask) => assigned.push([split.next, subtask]),
      signalNoMoreSplits: (subtask) => ended.push(subtask),
      callAsync: () => {},
    },
    undefined,
  )
  enumerator.start()
  enumerator.handleSplitRequest(0)
  enumerator.addSplitsBack([{ next: 1, end: 2, stride: 1 }], 0)
  enumerator.handleSplitRequest(1)
  enumerator.handleSplitRequest(1)
  enumerator.handleSplitRequest(1)
  expect(assigned).toEqual([
    [0, 0],
    [1, 1],
    [2, 1],
  ])
  expect(ended).toEqual([1])
})
