import { afterEach, expect, test } from 'vitest'
import type { StreamExecutionEnvironment } from '../api/datastream/stream-execution-environment.ts'
import type { Sink } from '../operator/sink/sink.ts'
import { watermarks } from '../operator/time/watermark-strategy.ts'
import { assertExactlyOnce } from './exactly-once-oracle.ts'
import { FakeTransactionLog } from './fake-transaction-log.ts'
import { type JobDriver, testJob } from './job-driver.ts'
import { failOnce, record, ScriptedInput } from './scripted-input.ts'
import { scriptedSource } from './scripted-source.ts'
import { transactionalSink } from './transactional-sink.ts'

interface Sale {
  readonly item: string
  readonly count: number
}

const sale = (item: string, count: number) => record<Sale>({ item, count })
const shown = ({ item, count }: Sale): string => `${item}${count}`

let job: JobDriver | undefined
afterEach(() => job?.stop())

/** The production program: running totals per item, exactly once. */
function totals(input: ScriptedInput<Sale>, log: FakeTransactionLog<Sale>) {
  return (env: StreamExecutionEnvironment): void => {
    env.enableCheckpointing(1_000)
    env.setParallelism(2)
    env
      .fromSource(scriptedSource(input), watermarks.none<Sale>())
      .keyBy('item')
      .sum('count')
      .sinkTo(transactionalSink(log))
  }
}

test('a job in virtual time: output becomes visible with its checkpoint', async () => {
  const input = new ScriptedInput<Sale>()
  const log = new FakeTransactionLog<Sale>()
  job = testJob(totals(input, log))
  await job.feed(input, [sale('a', 1), sale('b', 2), sale('a', 3)])
  await job.checkpoints(2)
  await job.advance(100)
  expect(log.committed.map(shown).sort()).toEqual(['a1', 'a4', 'b2'])
  expect(job.client.status()).toBe('RUNNING')
})

test('a killed job goes on from its checkpoint: nothing is lost and nothing is doubled', async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const input = new ScriptedInput<Sale>(2)
    const log = new FakeTransactionLog<Sale>()
    job = testJob(totals(input, log), { seed })
    await job.feed(input, [sale('a', 1), sale('b', 1)], 0)
    await job.checkpoints()
    await job.feed(input, [sale('c', 1), sale('c', 1)], 1)
    await job.advance(250 * seed)
    await job.kill()
    await job.feed(input, [sale('a', 1)], 0)
    input.end()
    await job.finish()
    const expected = ['a1', 'b1', 'c1', 'c2', 'a2']
    assertExactlyOnce({ expected, committed: log.committed.map(shown) })
    expect(log.pending()).toEqual([])
  }
})

test('nothing of a killed process goes on', async () => {
  const input = new ScriptedInput<Sale>()
  const log = new FakeTransactionLog<Sale>()
  let starts = 0
  const seen: string[] = []
  job = testJob((env) => {
    const start = ++starts
    env.enableCheckpointing(1_000)
    env
      .fromSource(scriptedSource(input), watermarks.none<Sale>())
      .map((value) => {
        seen.push(`${shown(value)} in start ${start}`)
        return value
      })
      .sinkTo(transactionalSink(log))
  })
  await job.feed(input, [sale('a', 1)])
  await job.checkpoints()
  await job.kill()
  await job.feed(input, [sale('b', 1)])
  expect(seen).toEqual(['a1 in start 1', 'b1 in start 2'])
})

test('canary: a sink that commits before the checkpoint is complete is found', async () => {
  const hasty = (log: FakeTransactionLog<Sale>): Sink<Sale, never, never> => ({
    name: 'hasty',
    createWriter: () => ({
      write: (value) => {
        const id = `${log.committedTransactions.length}`
        log.begin(id)
        log.append(id, [value])
        log.preCommit(id)
        log.commit(id)
      },
      prepareCommit: () => [],
      snapshotState: () => [],
      endInput: () => {},
      close: () => {},
    }),
  })
  const input = new ScriptedInput<Sale>()
  const log = new FakeTransactionLog<Sale>()
  job = testJob((env) => {
    env.enableCheckpointing(10_000)
    const sales = env.fromSource(scriptedSource(input), watermarks.none<Sale>())
    sales.keyBy('item').sum('count').sinkTo(hasty(log))
  })
  await job.feed(input, [sale('a', 1)])
  await job.kill()
  input.end()
  await job.finish()
  expect(() =>
    assertExactlyOnce({ expected: ['a1'], committed: log.committed.map(shown) }),
  ).toThrow(/LOST 0 DUPLICATED 1 \("a1"\)/)
})

test('a task that fails is restarted by the job itself', async () => {
  const input = new ScriptedInput<Sale>()
  const log = new FakeTransactionLog<Sale>()
  job = testJob(totals(input, log), {
    settings: { 'restart-strategy.type': 'fixed-delay', 'restart-strategy.fixed-delay.delay': 10 },
  })
  await job.feed(input, [sale('a', 1)])
  await job.checkpoints(2)
  await job.feed(input, [sale('a', 1), failOnce(), sale('a', 1)])
  input.end()
  const result = await job.finish()
  expect(result.restarts).toBe(1)
  assertExactlyOnce({ expected: ['a1', 'a2', 'a3'], committed: log.committed.map(shown) })
})

test('a job that fails for good rejects with its reason', async () => {
  const input = new ScriptedInput<Sale>()
  input.feed([failOnce('disk full')])
  job = testJob(totals(input, new FakeTransactionLog()), {
    settings: { 'restart-strategy.type': 'none' },
  })
  await expect(job.advance(5_000)).rejects.toThrow(expect.objectContaining({ code: 'JOB_FAILED' }))
})

test('waiting for what never happens says so', async () => {
  job = testJob(totals(new ScriptedInput(), new FakeTransactionLog()))
  await expect(job.until(() => false, 'pigs fly')).rejects.toThrow(/until pigs fly/)
})
