/// <reference types="node" />
import { expect, test } from 'vitest'
import { asyncDataStream, fixedDelayRetry, types } from '../../src/index.ts'
import { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import type { SimProcess } from '../../src/testing/sim/sim-process.ts'
import { transactionalSink } from '../../src/testing/transactional-sink.ts'
import { ArraySink } from './array-sink.ts'
import { runInSim } from './run-in-sim.ts'

/** Answers after some virtual time. */
const later = <T>(process: SimProcess, afterMs: number, value: T): Promise<T> => {
  const { clock, timers } = process.env
  return new Promise((resolve) => timers.schedule(clock.nowMs() + afterMs, () => resolve(value)))
}

test.each(['orderedWait', 'unorderedWait'] as const)(
  'DST-17 %s: 1000 lookups of 50 ms at capacity 100 end in about half a second',
  async (wait) => {
    const { found, tookMs, atOnce } = await runInSim(async (env, process) => {
      let underWay = 0
      let most = 0
      const lookup = async (n: number): Promise<number> => {
        most = Math.max(most, ++underWay)
        await later(process, wait === 'orderedWait' ? 50 : 50 + (n % 3), n)
        underWay--
        return n
      }
      const startMs = process.env.clock.nowMs()
      const stream = asyncDataStream[wait](env.fromSequence(1, 1_000), lookup, { capacity: 100 })
      const result = await stream.executeAndCollect()
      return { found: result, tookMs: process.env.clock.nowMs() - startMs, atOnce: most }
    })
    const all = Array.from({ length: 1_000 }, (_, i) => i + 1)
    if (wait === 'orderedWait') expect(found).toEqual(all)
    expect([...found].sort((a, b) => a - b)).toEqual(all)
    expect(atOnce).toBe(100)
    expect(tookMs).toBeGreaterThanOrEqual(500)
    expect(tookMs).toBeLessThan(800)
  },
)

test('DST-17 the timeout handler answers for a lookup that takes too long', async () => {
  const found = await runInSim((env, process) =>
    asyncDataStream
      .orderedWait(
        env.fromElements(10, 500, 20),
        {
          asyncInvoke: (takesMs: number) => later(process, takesMs, `after ${takesMs}`),
          timeout: (takesMs: number) => `not after ${takesMs}`,
        },
        { timeoutMs: 100 },
      )
      .executeAndCollect(),
  )
  expect(found).toEqual(['after 10', 'not after 500', 'after 20'])
})

test('DST-18 a lookup that fails twice is tried again after the delay', async () => {
  const tries: number[] = []
  const found = await runInSim((env, process) =>
    asyncDataStream
      .orderedWait(
        env.fromElements('key'),
        async (key: string) => {
          tries.push(process.env.clock.nowMs())
          if (tries.length < 3) throw new Error('busy')
          return `${key} found`
        },
        { retry: fixedDelayRetry({ maxRetries: 3, delayMs: 200 }) },
      )
      .executeAndCollect(),
  )
  expect(found).toEqual(['key found'])
  expect(tries.slice(1).map((atMs, i) => Math.round((atMs - (tries[i] as number)) / 100))).toEqual([
    2, 2,
  ])
})

test.each([
  ['orderedWait', 1],
  ['unorderedWait', 3],
] as const)(
  'DST-19 %s at parallelism %i: killed with 50 in flight, each input has one output',
  async (wait, parallelism) => {
    const input = new ScriptedInput<number>()
    const log = new FakeTransactionLog<number>()
    const asked: number[] = []
    let answersAfterMs = 1_000_000
    const job = testJob((env) => {
      env.enableCheckpointing(1_000).setParallelism(parallelism)
      const lookup = (n: number): Promise<number> => {
        asked.push(n)
        return new Promise((resolve) => job.world.after(answersAfterMs, () => resolve(n)))
      }
      const numbers = env.fromSource(scriptedSource(input)).rebalance()
      asyncDataStream[wait](numbers, lookup, { type: types.int }).sinkTo(transactionalSink(log))
    })
    const inputs = Array.from({ length: 50 }, (_, i) => i)
    await job.feed(
      input,
      inputs.map((n) => record(n)),
    )
    await job.checkpoints(2)
    expect([...asked].sort((a, b) => a - b)).toEqual(inputs)
    answersAfterMs = 30
    await job.kill()
    await job.until(() => asked.length === 100, 'all requests are made again')
    await job.feed(input, [record(50)])
    input.end()
    await job.finish()
    expect([...log.committed].sort((a, b) => a - b)).toEqual([...inputs, 50])
    if (wait === 'orderedWait') expect(log.committed).toEqual([...inputs, 50])
  },
)

test('DST-19 a bounded job that is killed while its last requests are under way', async () => {
  const log = new FakeTransactionLog<number>()
  let asked = 0
  let answersAfterMs = 1_000_000
  const input = new ScriptedInput<number>()
  input.feed(Array.from({ length: 50 }, (_, i) => record(i)))
  input.end()
  const job = testJob((env) => {
    env.enableCheckpointing(1_000)
    const lookup = (n: number): Promise<number> => {
      asked++
      return new Promise((resolve) => job.world.after(answersAfterMs, () => resolve(n)))
    }
    // Chained to the source: the end of the source waits too.
    asyncDataStream
      .orderedWait(env.fromSource(scriptedSource(input)), lookup)
      .map((n) => n * 2)
      .sinkTo(transactionalSink(log))
  })
  await job.checkpoints(2)
  expect([asked, log.committed.length]).toEqual([50, 0])
  answersAfterMs = 30
  await job.kill()
  await job.finish()
  expect(asked).toBe(100)
  expect(log.committed).toEqual(Array.from({ length: 50 }, (_, i) => i * 2))
})

test('DST-17 crash or no crash, the results are the same', async () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const run = async (kills: number): Promise<readonly string[]> => {
      const log = new FakeTransactionLog<string>()
      const input = new ScriptedInput<number>(2)
      const job = testJob(
        (env) => {
          env.enableCheckpointing(200).setParallelism(2)
          const lookup = (n: number): Promise<string> =>
            new Promise((resolve) => {
              job.world.after(1 + ((n * 7919 + seed * 31) % 400), () => resolve(`r${n}`))
            })
          const keyed = asyncDataStream
            .unorderedWait(env.fromSource(scriptedSource(input)), lookup, { capacity: 5 })
            .keyBy((text) => text.length)
          keyed.map((text) => text).sinkTo(transactionalSink(log))
        },
        { seed },
      )
      for (let i = 0; i < 6; i++) {
        const batch = Array.from({ length: 20 }, (_, n) => record(i * 20 + n))
        await job.feed(input, batch, i % 2)
        if (i < kills) await job.kill()
      }
      input.end()
      await job.finish()
      return [...log.committed].sort()
    }
    expect(await run(4)).toEqual(await run(0))
  }
})

test('an async operator in front of a slow one does not lose its place', async () => {
  const sink = new ArraySink<number>()
  await runInSim(async (env, process) => {
    const tripled = asyncDataStream.orderedWait(env.fromElements(3, 1, 2), async (n: number) => {
      await later(process, n * 10, n)
      return [n, n, n]
    })
    asyncDataStream
      .orderedWait(tripled, (n: number) => later(process, 100 - n, n), { capacity: 2 })
      .sinkTo(sink)
    await env.execute()
  })
  expect(sink.records).toEqual([3, 3, 3, 1, 1, 1, 2, 2, 2])
})
