import { describe, expect, test } from 'vitest'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { sourceConformance } from '../../testing/kit/source-conformance.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { TestEnv } from '../../testing/test-env.ts'
import { type SourceFunctionOptions, sourceFunction } from './source-function.ts'

interface Row {
  readonly id: number
}

const table: readonly Row[] = Array.from({ length: 30 }, (_value, id) => ({ id }))

/** Reads the table as one would read a database: the next rows behind an id. */
function options(isBounded: boolean, parallel: boolean): SourceFunctionOptions<Row, number> {
  return {
    start: -1,
    parallel,
    bounded: isBounded,
    pollEveryMs: 100,
    poll: async (after, { index, count }) => {
      const rows = table.filter(({ id }) => id > after && id % count === index).slice(0, 4)
      return rows.length > 0 || !isBounded ? rows : undefined
    },
    positionAfter: ({ id }) => id,
    timestamp: ({ id }) => id * 10,
  }
}

describe.each([
  [true, false],
  [true, true],
  [false, false],
  [false, true],
])('bounded %s, parallel %s', (isBounded, parallel) => {
  const makeSource = () => sourceFunction(options(isBounded, parallel))
  for (const { name, run } of sourceConformance({ makeSource, expected: table, runCount: 8 })) {
    test(name, run)
  }
})

test('only a parallel one is read by several subtasks', async () => {
  for (const parallel of [false, true]) {
    const callers = new Set<number>()
    const base = options(true, parallel)
    const source = sourceFunction<Row, number>({
      ...base,
      poll: (after, share) => {
        callers.add(share.index)
        return base.poll(after, share)
      },
    })
    const harness = await new SourceHarness(source, new TestEnv(), 3).runToEnd()
    expect(callers.size).toBe(parallel ? 3 : 1)
    expect(harness.timestamps).toEqual(harness.records.map(({ id }) => id * 10))
  }
})

test('a retryable error is tried again after a pause, any other fails the task', async () => {
  for (const retryable of [true, false]) {
    const env = new TestEnv()
    let failures = 0
    const base = options(true, false)
    const source = sourceFunction<Row, number>({
      ...base,
      poll: async (after, share) => {
        if (after === 7 && failures++ < 3) {
          throw new EngineError(ErrorCode.CONNECTION, 'the database is away', { retryable })
        }
        return base.poll(after, share)
      },
    })
    const run = new SourceHarness(source, env, 1).runToEnd()
    if (!retryable) await expect(run).rejects.toThrow('the database is away')
    else {
      expect((await run).records).toEqual(table)
      expect(env.clock.nowMs()).toBeGreaterThanOrEqual(300)
    }
  }
})

test('an empty poll is followed by a pause', async () => {
  const env = new TestEnv()
  const polledAtMs: number[] = []
  const source = sourceFunction<Row, number>({
    ...options(false, false),
    poll: async () => {
      polledAtMs.push(env.clock.nowMs())
      return []
    },
  })
  const harness = new SourceHarness(source, env, 1)
  for (let i = 0; i < 80; i++) await harness.step(() => 0)
  harness.close()
  const pauses = polledAtMs.slice(1).map((atMs, index) => atMs - (polledAtMs[index] as number))
  expect(pauses.length).toBeGreaterThan(3)
  for (const pauseMs of pauses) expect(pauseMs).toBeGreaterThanOrEqual(100)
  expect(() => sourceFunction({ ...options(true, true), pollEveryMs: 0 })).toThrow('pollEveryMs')
})
