import { describe, expect, test } from 'vitest'
import { keyOfSeed, Prng } from '../../base/prng.ts'
import { MemoryFileSystem } from '../../env/web/memory-file-system.ts'
import { record, ScriptedInput, scriptedSource } from '../../testing/index.ts'
import { sourceConformance } from '../../testing/kit/source-conformance.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { TestEnv } from '../../testing/test-env.ts'
import { sequenceSource } from '../collection/sequence-source.ts'
import { fileSource } from '../file/file-source.ts'
import { textLines } from '../file/text-lines.ts'
import { hybridSource } from './hybrid-source.ts'

const numbers = Array.from({ length: 40 }, (_value, index) => index)

describe('three bounded sources', () => {
  const makeSource = () =>
    hybridSource<number>(sequenceSource(0, 14), sequenceSource(15, 14), sequenceSource(15, 39))
  for (const { name, run } of sourceConformance({ makeSource, expected: numbers })) test(name, run)
})

describe('history from files, then a live source', () => {
  const lines = numbers.map(String)
  const cases = sourceConformance({
    makeEnv: async (seed) => {
      const fileSystem = new MemoryFileSystem(() => 0)
      const env = new TestEnv({ seed, fileSystem })
      await fileSystem.makeDirectory('/in')
      for (const file of [0, 1, 2]) {
        const handle = await fileSystem.create(`/in/${file}`)
        const text = `${lines.slice(file * 8, file * 8 + 8).join('\n')}\n`
        await handle.append(Uint8Array.from(text, (character) => character.charCodeAt(0)))
      }
      return env
    },
    makeSource: () => {
      const input = new ScriptedInput<string>(3)
      for (let n = 24; n < 40; n++) input.feed([record(String(n), n)], n % 3)
      const history = fileSource({ path: '/in', format: textLines(), chunkSizeBytes: 7 })
      return hybridSource<string>(history, scriptedSource(input))
    },
    expected: lines,
    runCount: 8,
  })
  for (const { name, run } of cases) test(name, run)
})

test('no record of the next source comes before the last of the one before', async () => {
  for (let seed = 0; seed < 30; seed++) {
    const prng = new Prng(keyOfSeed(seed))
    const source = hybridSource<number>(sequenceSource(0, 19), sequenceSource(20, 39))
    const harness = new SourceHarness(source, new TestEnv(), 1 + (seed % 4))
    await harness.runToEnd((bound) => prng.below(bound))
    expect(Math.max(...harness.records.slice(0, 20))).toBe(19)
  }
})

test('has the lowest limit of its sources, with the reason and whose it is', () => {
  const limited = (name: string, limit: number) => ({
    ...sequenceSource(0, 1),
    name,
    parallelismLimit: { limit, reason: `${limit} can read it` },
  })
  const free = sequenceSource(0, 1)
  expect(hybridSource<number>(free, free).parallelismLimit).toBeUndefined()
  expect(hybridSource<number>(free, () => limited('later', 1)).parallelismLimit).toBeUndefined()
  const source = hybridSource<number>(free, limited('three', 3), limited('two', 2), free)
  expect(source.parallelismLimit).toEqual({
    limit: 2,
    reason: "2 can read it (its source 'two')",
  })
})

test('the next source is made from the last state of the enumerator before', async () => {
  const seen: unknown[] = []
  const history = sequenceSource(0, 9)
  const source = hybridSource<number>(history, (handover: { readonly discovered: boolean }) => {
    seen.push(handover)
    return sequenceSource(handover.discovered ? 10 : 0, 19)
  })
  expect(source.boundedness).toBe('unbounded')
  const harness = new SourceHarness(source, new TestEnv(), 2)
  while (!harness.isDone) await harness.step((count) => count - 1, 4)
  expect([...harness.records].sort((left, right) => left - right)).toEqual(numbers.slice(0, 20))
  // Once in the enumerator, once in each reader.
  expect(seen).toEqual(new Array(3).fill({ discovered: true, unassigned: [] }))
  const restored = new SourceHarness(source, new TestEnv(), 1, harness.snapshot())
  await restored.runToEnd()
  expect(restored.records).toEqual([])
})
