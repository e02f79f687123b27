import { describe, expect, test } from 'vitest'
import {
  datagenSource,
  type JobClient,
  type StreamExecutionEnvironment,
  watermarks,
} from '../../src/index.ts'
import type { Sink, SinkWriterContext } from '../../src/operator/sink/sink.ts'
import { assertExactlyOnce } from '../../src/testing/exactly-once-oracle.ts'
import { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { transactionalSink } from '../../src/testing/transactional-sink.ts'
import { ArraySink } from './array-sink.ts'
import { pass, passUntil, runInSim, SimHost } from './run-in-sim.ts'
import { slowOperator } from './slow-operator.ts'

const completed = (client: JobClient): readonly number[] =>
  client.checkpoints().flatMap((c) => (c.status === 'COMPLETED' ? [c.checkpointId] : []))

/** Counts generated numbers by their last digit: never ends. */
function startCounting(env: StreamExecutionEnvironment, sink: Sink<string> = new ArraySink()) {
  const source = datagenSource({ generate: (index) => index, ratePerSecond: 100 })
  env
    .fromSource(source)
    .uid('numbers')
    .map((n) => ({ digit: n % 10, count: 1 }))
    .keyBy('digit')
    .sum('count')
    .uid('counts')
    .map(({ digit, count }) => `${digit}:${count}`)
    .sinkTo(sink)
    .uid('sink')
  return env.executeAsync('counting')
}

describe('kills', () => {
  const input = Array.from({ length: 600 }, (_, n) => n)
  const expected = input.map((n) => `${n % 10}:${Math.floor(n / 10) + 1}`)

  test('CKP-01, CKP-03 20 kills at any moment: the counts equal those of a run without failure', async () => {
    const log = new FakeTransactionLog<string>()
    const source = datagenSource({ generate: (n) => n, ratePerSecond: 50, count: input.length })
    const job = testJob(
      (env) => {
        env.enableCheckpointing(300).setParallelism(3)
        const numbers = env.fromSource(source).uid('numbers')
        // Barriers of one half come late, while records of the other go on.
        const slow = numbers
          .filter((n) => n % 2 === 0)
          .rebalance()
          .transform<number>('Slow', slowOperator(70))
        const fast = numbers.filter((n) => n % 2 === 1).rebalance()
        slow
          .union(fast)
          .map((n) => ({ digit: n % 10, count: 1 }))
          .keyBy('digit')
          .sum('count')
          .uid('counts')
          .map(({ digit, count }) => `${digit}:${count}`)
          .sinkTo(transactionalSink(log, { commitDelayMs: 20 }))
          .uid('sink')
      },
      { seed: 20 },
    )
    for (let kill = 0; kill < 20; kill++) {
      await job.advance(job.world.random.below(900))
      await job.kill()
    }
    await job.finish()
    assertExactlyOnce({ expected, committed: [...log.committed] })
    expect(log.pending()).toEqual([])
  })
})

test('CKP-02 an interval of 1 s gives about one checkpoint a second; unset gives none', async () => {
  const idsAfter10s = (settings: Readonly<Record<string, unknown>>) =>
    runInSim(async (env, process) => {
      const client = await startCounting(env)
      await pass(process, 10_500)
      return completed(client)
    }, settings)
  expect(await idsAfter10s({ 'execution.checkpointing.interval': '1 s' })).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ])
  expect(await idsAfter10s({})).toEqual([])
})

/** A sink whose part of a checkpoint becomes durable when `durable` resolves. */
function lateSink(
  durable: (context: SinkWriterContext, id: number) => Promise<void>,
): Sink<string> {
  return {
    name: 'Late Sink',
    createWriter: (context) => ({
      write: () => {},
      prepareCommit: (checkpointId) => {
        context.awaitBeforeAcknowledge(durable(context, checkpointId))
        return []
      },
      snapshotState: () => [],
      endInput: () => {},
      close: () => {},
    }),
  }
}

test('CKP-08 a blocked snapshot ends as EXPIRED at its limit, and the job runs on', async () => {
  const { checkpoints, status } = await runInSim(async (env, process) => {
    env.enableCheckpointing(1_000, { timeoutMs: 5_000, tolerableFailures: 1 })
    const sink = lateSink((_, id) => (id === 2 ? new Promise(() => {}) : Promise.resolve()))
    const client = await startCounting(env, sink)
    await pass(process, 12_000)
    return { checkpoints: client.checkpoints(), status: client.status() }
  })
  expect(status).toBe('RUNNING')
  const [first, second, third] = checkpoints
  expect(first?.status).toBe('COMPLETED')
  expect(second).toMatchObject({ status: 'EXPIRED', durationMs: 5_000 })
  expect(second?.failure).toMatch(/not complete after 5000 ms; 1 tasks have not acknowledged/)
  expect(third?.status).toBe('COMPLETED')
})

test('CKP-12 on cancellation checkpoints are deleted or retained as set; after a failure they stay', async () => {
  const left = async (retention: string, end: 'cancel' | 'fail' | 'finish'): Promise<number> => {
    const host = new SimHost()
    const settings = {
      'execution.checkpointing.dir': '/checkpoints',
      'execution.checkpointing.interval': 100,
      'execution.checkpointing.externalized-checkpoint-retention': retention,
      'restart-strategy.type': 'none',
    }
    await host.run(async (env, process) => {
      const input = new ScriptedInput<string>()
      const check = (text: string): string => {
        if (text === 'poison') throw new Error('poison')
        return text
      }
      env.fromSource(scriptedSource(input)).uid('in').map(check).sinkTo(new ArraySink())
      const client = await env.executeAsync('retention')
      await passUntil(process, () => completed(client).length > 2)
      if (end === 'cancel') await client.cancel()
      if (end === 'fail') input.feed([record('poison')])
      if (end === 'finish') input.end()
      await client.result().catch(() => {})
    }, settings)
    const files = await host.files('/checkpoints')
    return files.filter((path) => path.endsWith('/metadata')).length
  }
  expect(await left('RETAIN_ON_CANCELLATION', 'cancel')).toBe(1)
  expect(await left('RETAIN_ON_CANCELLATION', 'fail')).toBe(1)
  expect(await left('RETAIN_ON_CANCELLATION', 'finish')).toBe(1)
  expect(await left('DELETE_ON_CANCELLATION', 'cancel')).toBe(0)
  expect(await left('DELETE_ON_CANCELLATION', 'finish')).toBe(0)
  expect(await left('DELETE_ON_CANCELLATION', 'fail')).toBe(1)
})

const durable = { 'execution.checkpointing.dir': '/checkpoints' }
const LATEST = { ...durable, 'execution.state-recovery.path': 'latest' }

test('CKP-12 a finished job started again from its last checkpoint ends at once and emits nothing', async () => {
  const host = new SimHost()
  const log = new FakeTransactionLog<number>()
  const program = async (env: StreamExecutionEnvironment) => {
    const sums = env
      .setParallelism(2)
      .fromSequence(1, 50)
      .uid('in')
      .keyBy((n) => n % 3)
      .sum()
    sums.uid('sum').sinkTo(transactionalSink(log)).uid('sink')
    return env.execute('bounded')
  }
  await host.run(program, LATEST)
  const once = [...log.committed]
  expect(once).toHaveLength(50)
  const again = await host.run(program, LATEST)
  expect(again.restarts).toBe(0)
  expect(log.committed).toEqual(once)
})

const shown = (digit: number, count: number): string => `${digit}:${count}`

/** The highest count of a digit that the records show. */
function countOf(digit: number, lines: readonly string[]): number {
  const counts = lines.filter((line) => line.startsWith(`${digit}:`)).map((line) => line.slice(2))
  return Math.max(0, ...counts.map(Number))
}

test('CKP-13 with 3 retained just the last three stay, and each can be restored', async () => {
  const host = new SimHost()
  const interval = { ...durable, 'execution.checkpointing.interval': 1_000 }
  const paths = await host.run(
    async (env, process) => {
      const client = await startCounting(env)
      await pass(process, 8_500)
      return client
        .checkpoints()
        .slice(-3)
        .map(({ path }) => path ?? '')
    },
    { ...interval, 'execution.checkpointing.num-retained': 3 },
  )
  const files = await host.files('/checkpoints')
  const kept = [...new Set(files.map((file) => file.split('/').slice(0, 4).join('/')))]
  expect(kept.sort()).toEqual([...paths].sort())
  for (const [index, path] of paths.entries()) {
    const sink = new ArraySink<string>()
    await host.run(
      async (env, process) => {
        await startCounting(env, sink)
        await pass(process, 300)
      },
      { ...durable, 'execution.state-recovery.path': path },
    )
    // Checkpoint n was taken after n seconds, at 10 records per digit and second.
    const second = 6 + index
    expect(sink.records[0]).toMatch(/^\d:\d+$/)
    expect(Number(sink.records[0]?.slice(2))).toBeGreaterThan(10 * second - 2)
    expect(Number(sink.records[0]?.slice(2))).toBeLessThan(10 * second + 4)
  }
})

test('CKP-15 a job goes on from the path of a checkpoint, or from the latest it finds itself', async () => {
  const host = new SimHost()
  const settings = { ...LATEST, 'execution.checkpointing.interval': 500 }
  const sink = new ArraySink<string>()
  const run = (recovery: string) =>
    host.run(
      async (env, process) => {
        const client = await startCounting(env, sink)
        await pass(process, 1_900)
        return { jobId: client.jobId, path: client.checkpoints().at(-1)?.path ?? '' }
      },
      { ...settings, 'execution.state-recovery.path': recovery },
    )
  const first = await run('latest')
  const second = await run('latest')
  expect(second.jobId).toBe(first.jobId)
  expect(first.path).toBe('/checkpoints/counting/chk-3')
  expect(second.path).toBe('/checkpoints/counting/chk-6')
  const before = countOf(0, sink.records)
  await run(second.path)
  const lines = sink.records.filter((line) => line.startsWith('0:'))
  const counts = [...new Set(lines.map((line) => Number(line.slice(2))))]
  expect(counts).toEqual(counts.map((_, index) => index + 1))
  expect(countOf(0, sink.records)).toBeGreaterThan(before)
  expect(sink.records).toContain(shown(0, 1))
})

test('CKP-16 checkpoints go on after one source has ended; a last one commits the rest of a bounded job', async () => {
  const endless = await runInSim(async (env, process) => {
    env.enableCheckpointing(1_000)
    const log = new FakeTransactionLog<string>()
    const live = datagenSource({ generate: (n) => `live ${n}`, ratePerSecond: 10 })
    const bounded = env.fromElements('one', 'two')
    bounded.union(env.fromSource(live)).sinkTo(transactionalSink(log))
    const client = await env.executeAsync('mixed')
    await pass(process, 5_500)
    return { ids: completed(client), committed: [...log.committed] }
  })
  expect(endless.ids).toEqual([1, 2, 3, 4, 5])
  expect(endless.committed).toEqual(expect.arrayContaining(['one', 'two', 'live 0', 'live 40']))
  const bounded = await runInSim(async (env) => {
    const log = new FakeTransactionLog<number>()
    env.enableCheckpointing(60_000).fromSequence(1, 100).sinkTo(transactionalSink(log))
    const client = await env.executeAsync('bounded')
    await client.result()
    return { ids: completed(client), committed: log.committed.length, open: log.pending().length }
  })
  expect(bounded).toEqual({ ids: [1], committed: 100, open: 0 })
})

test('CKP-18 after a kill reading goes on at the stored position, as the source tells', async () => {
  const input = new ScriptedInput<number>()
  const restored: number[] = []
  const inner = scriptedSource(input)
  const source: typeof inner = {
    ...inner,
    createReader: (context) => {
      const reader = inner.createReader(context)
      const addSplits = reader.addSplits.bind(reader)
      reader.addSplits = (splits) => {
        restored.push(...splits.map(({ position }) => position))
        addSplits(splits)
      }
      return reader
    },
  }
  const read = new ArraySink<number>()
  const job = testJob((env) => {
    env.enableCheckpointing(1_000).fromSource(source, watermarks.none<number>()).sinkTo(read)
  })
  await job.feed(input, [record(1), record(2), record(3)])
  await job.checkpoints()
  await job.feed(input, [record(4)]) // the second behind it may or may not bring a checkpoint
  const stored = job.client.checkpoints().filter(({ status }) => status === 'COMPLETED').length
  await job.kill()
  await job.advance(10)
  expect(restored).toEqual([0, stored > 1 ? 4 : 3])
  expect(read.records.slice(0, 4)).toEqual([1, 2, 3, 4])
  job.stop()
})

test('CKP-19 the statistics name the slowest of 8 subtasks and the phase that was slow', async () => {
  const checkpoint = await runInSim(async (env, process) => {
    env.setParallelism(8).enableCheckpointing(1_000)
    const sink = lateSink(async (context) => {
      if (context.task.subtaskIndex === 5) await pass(context, 400)
    })
    const client = await startCounting(env, sink)
    await passUntil(process, () => completed(client).length > 0)
    return client.checkpoints()[0]
  })
  const subtasks = [...(checkpoint?.subtasks ?? [])].sort((a, b) => b.endToEndMs - a.endToEndMs)
  const [slowest, next] = subtasks
  expect(slowest?.vertexName).toContain('Late Sink')
  expect(slowest?.subtaskIndex).toBe(5)
  expect(slowest?.asyncMs).toBeGreaterThanOrEqual(400)
  expect(slowest?.syncMs).toBeLessThan(10)
  expect(slowest?.alignmentMs).toBeLessThan(50)
  expect(next?.endToEndMs).toBeLessThan(100)
  expect(subtasks).toHaveLength(16)
  expect(checkpoint?.sizeBytes).toBe(subtasks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
})
