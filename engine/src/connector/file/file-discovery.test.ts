import { describe, expect, test } from 'vitest'
import { type ManualEnv, manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { sourceConformance } from '../../testing/kit/source-conformance.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { TestEnv } from '../../testing/test-env.ts'
import { fileSource } from './file-source.ts'
import { textLines } from './text-lines.ts'

const options = { path: '/in', format: textLines(), discoverEveryMs: 1_000 }

/** Moves time on in small steps and lets the source read whatever it can. */
async function pass(
  env: ManualEnv,
  harness: SourceHarness<string, unknown, unknown>,
  durationMs: number,
): Promise<void> {
  const endMs = env.clock.nowMs() + durationMs
  for (;;) {
    for (let i = 0; i < 12; i++) await harness.step((count) => count - 1, 3)
    if (env.clock.nowMs() >= endMs) return
    env.advance(Math.min(endMs - env.clock.nowMs(), 100))
  }
}

function started(
  fileSystem: MemoryFileSystem,
  snapshot?: unknown,
  more: object = {},
): { env: ManualEnv; harness: SourceHarness<string, unknown, unknown> } {
  const env = manualEnv(fileSystem)
  const source = fileSource({ ...options, ...more })
  const harness = new SourceHarness<string, unknown, unknown>(
    source as never,
    env,
    2,
    snapshot as never,
  )
  return { env, harness }
}

test('a new file is read once, within the interval; also across a restart', async () => {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a', 'a1\na2\n')
  const { env, harness } = started(fileSystem)
  await pass(env, harness, 300)
  expect(harness.records).toEqual(['a1', 'a2'])
  fileSystem.put('/in/x/b', 'b1\n')
  await pass(env, harness, 600)
  expect(harness.records).toEqual(['a1', 'a2'])
  await pass(env, harness, 400)
  expect(harness.records).toEqual(['a1', 'a2', 'b1'])
  await pass(env, harness, 5_000)
  expect(harness.isDone).toBe(false)
  const snapshot = harness.snapshot()
  fileSystem.put('/in/c', 'c1\n')
  await pass(env, harness, 1_100)
  expect(harness.records).toEqual(['a1', 'a2', 'b1', 'c1'])
  harness.close()
  const again = started(fileSystem, snapshot)
  await pass(again.env, again.harness, 3_000)
  expect(again.harness.records).toEqual(['c1'])
  again.harness.close()
})

test('the state holds the names that are there, no others', async () => {
  const fileSystem = new MemoryFileSystem()
  const { env, harness } = started(fileSystem, undefined, { path: undefined, paths: [''] })
  for (let day = 0; day < 20; day++) {
    fileSystem.put(`${day}`, `line ${day}\n`)
    await pass(env, harness, 1_100)
    await fileSystem.remove(`${day}`)
  }
  await pass(env, harness, 1_100)
  expect(harness.records).toEqual(Array.from({ length: 20 }, (_value, day) => `line ${day}`))
  expect(harness.snapshot().enumerator).toEqual({ discovered: true, unassigned: [], known: [] })
  harness.close()
})

test('too many files, a path that was never there, and a snapshot that knows no names fail', async () => {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a', 'a\n')
  fileSystem.put('/in/b', 'b\n')
  const many = started(fileSystem, undefined, { knownFilesMax: 1 })
  await expect(pass(many.env, many.harness, 100)).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  const wrong = started(fileSystem, undefined, { path: '/on' })
  await expect(pass(wrong.env, wrong.harness, 100)).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  })
  const once = { enumerator: { discovered: true, unassigned: [] }, splits: [] }
  expect(() => started(fileSystem, once)).toThrow('does not hold what was read')
  expect(() => fileSource({ ...options, discoverEveryMs: 0 })).toThrow('discoverEveryMs is 0')
})

test('with a last look the source ends, and reads what came before it', async () => {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a', 'a\n')
  const { env, harness } = started(fileSystem, undefined, { discoverUntilMs: 1_003_000 })
  expect(fileSource({ ...options, discoverUntilMs: 1_003_000 }).boundedness).toBe('bounded')
  await pass(env, harness, 2_900)
  expect(harness.isDone).toBe(false)
  fileSystem.put('/in/b', 'b\n')
  await pass(env, harness, 200)
  expect(harness.records).toEqual(['a', 'b'])
  expect(harness.isDone).toBe(true)
  harness.close()
})

describe('the source with discovery is conformant', () => {
  const lines = Array.from({ length: 24 }, (_value, index) => `line ${index}`)
  const cases = sourceConformance({
    makeEnv: (seed) => {
      const fileSystem = new MemoryFileSystem()
      for (let file = 0; file < 4; file++) {
        const text = lines.slice(file * 6, file * 6 + 6).join('\n')
        fileSystem.put(`/in/${file}`, text)
      }
      return new TestEnv({ seed, fileSystem })
    },
    makeSource: () => fileSource({ ...options, discoverEveryMs: 50 }),
    expected: lines,
    runCount: 6,
  })
  for (const { name, run } of cases) test(name, run)
})
