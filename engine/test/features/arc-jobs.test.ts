import { expect, test } from 'vitest'
import { fileSink } from '../../src/connector/file-sink/file-sink.ts'
import { datagenSource, type JobClient, type StreamExecutionEnvironment } from '../../src/index.ts'
import { failOnce, record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { pass, passUntil, runInSim, SimHost } from './run-in-sim.ts'
import { slowOperator } from './slow-operator.ts'

const statesOf = (client: JobClient): readonly string[] =>
  client.stateHistory().map(({ state }) => state)

function startEndless(env: StreamExecutionEnvironment, jobName: string): Promise<JobClient> {
  const source = datagenSource({ generate: (index) => index, ratePerSecond: 1_000 })
  env
    .fromSource(source)
    .keyBy((n) => n % 5)
    .sum()
    .sinkTo(new ArraySink())
  return env.executeAsync(jobName)
}

test('ARC-28 executeAsync returns a handle at once; cancel makes CANCELED and the result says so', async () => {
  const seen = await runInSim(async (env, process) => {
    const client = await startEndless(env, 'endless')
    const result = client.result().then(
      () => 'finished',
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    )
    const before = client.status()
    await pass(process, 3_000)
    const metrics = client.metrics().find(({ operatorName }) => operatorName === 'Sum')
    await client.cancel()
    await client.cancel()
    return {
      before,
      processed: (metrics?.values.numRecordsIn ?? 0) > 1_000,
      after: client.status(),
      result: await result,
      jobId: client.jobId,
    }
  })
  expect(seen).toMatchObject({
    before: 'RUNNING',
    processed: true,
    after: 'CANCELED',
    result: "JOB_CANCELED: job 'endless' was cancelled",
  })
  expect(seen.jobId).toMatch(/^[0-9a-f-]{36}$/)
})

test('ARC-29 the history of states: success', async () => {
  const history = await runInSim(async (env) => {
    env.fromElements(1).sinkTo(new ArraySink())
    const client = await env.executeAsync('ok')
    await client.result()
    return statesOf(client)
  })
  expect(history).toEqual(['CREATED', 'RUNNING', 'FINISHED'])
})

test('ARC-29 the history of states: a failure with restart', async () => {
  const history = await runInSim(
    async (env) => {
      env.fromSource(scriptedSource([[record(1), failOnce(), record(2)]])).sinkTo(new ArraySink())
      const client = await env.executeAsync('once more')
      await client.result()
      return statesOf(client)
    },
    { 'restart-strategy.type': 'fixed-delay' },
  )
  expect(history).toEqual(['CREATED', 'RUNNING', 'RESTARTING', 'RUNNING', 'FINISHED'])
})

test('ARC-29 the history of states: cancelled while running, and while waiting for a restart', async () => {
  const histories = await runInSim(
    async (env, process) => {
      const running = await startEndless(env, 'running')
      await running.cancel()
      env.fromSource(scriptedSource([[failOnce()]])).sinkTo(new ArraySink())
      const restarting = await env.executeAsync('restarting')
      await passUntil(process, () => restarting.status() === 'RESTARTING')
      await pass(process, 1_000)
      await restarting.cancel()
      await pass(process, 100_000)
      return [statesOf(running), statesOf(restarting)]
    },
    { 'restart-strategy.type': 'fixed-delay', 'restart-strategy.fixed-delay.delay': '1 min' },
  )
  expect(histories).toEqual([
    ['CREATED', 'RUNNING', 'CANCELLING', 'CANCELED'],
    ['CREATED', 'RUNNING', 'RESTARTING', 'CANCELLING', 'CANCELED'],
  ])
})

test('ARC-30 after 20 starts and cancels all slots are free, no file is open and no timer left', async () => {
  const left = await runInSim(
    async (env, process) => {
      for (let round = 0; round < 20; round++) {
        env.setParallelism(4).enableCheckpointing(100, { directory: '/checkpoints' })
        const client = await startEndless(env, `round ${round}`)
        await pass(process, 37 * round)
        await client.cancel()
      }
      await pass(process, 1_000)
      return [process.fileSystem.openFileCount, process.timers.waitingCount]
    },
    { 'taskmanager.number-of-task-slots': 4 },
  )
  expect(left).toEqual([0, 0])
})

test('ARC-30 cancelling one job leaves another on the same cluster alone', async () => {
  const counts = await runInSim(async (env, process) => {
    const input = new ScriptedInput<number>()
    const kept = new ArraySink<number>()
    env.fromSource(scriptedSource(input)).sinkTo(kept)
    const other = await env.executeAsync('other')
    const cancelled = await startEndless(env, 'cancelled')
    await pass(process, 100)
    input.feed([record(1)])
    await cancelled.cancel()
    input.feed([record(2)])
    await pass(process, 100)
    return [other.status(), ...kept.records]
  })
  expect(counts).toEqual(['RUNNING', 1, 2])
})

/** A job with slow and failing parts and checkpoints every 5 ms, cancelled at a random moment. */
async function cancelledAtRandom(seed: number): Promise<object> {
  const host = new SimHost({ seed, faults: { taskDelayMs: { min: 0.0001, max: 0.5 } } })
  const { random } = host.world
  const settings = {
    'parallelism.default': 2,
    'execution.checkpointing.interval': 5,
    'execution.checkpointing.dir': '/checkpoints',
    'execution.checkpointing.externalized-checkpoint-retention': 'DELETE_ON_CANCELLATION',
    'restart-strategy.type': 'fixed-delay',
    'restart-strategy.fixed-delay.attempts': 100,
    'restart-strategy.fixed-delay.delay': random.below(40),
  }
  const outcome = await host.run(async (env, process) => {
    const input = new ScriptedInput<number>(2)
    for (let n = 0; n < 200; n++) {
      input.feed([record(n)], n % 2)
      if (random.below(60) === 0) input.feed([failOnce()], n % 2)
    }
    if (random.below(2) === 0) input.end()
    const numbers = env.fromSource(scriptedSource(input))
    const slow = numbers.rebalance().transform<number>('Slow', slowOperator(random.below(30)))
    const sums = slow
      .union(numbers.rebalance())
      .keyBy((n) => n % 7)
      .sum()
    sums.sinkTo(fileSink({ path: '/out', encode: (n) => `${n}\n` }))
    const client = await env.executeAsync('cancelled')
    await pass(process, random.below(120))
    const cancellations = [client.cancel(), ...(random.below(3) === 0 ? [client.cancel()] : [])]
    await Promise.all(cancellations)
    const hasEnded = ['CANCELED', 'FINISHED'].includes(client.status())
    await pass(process, 2_000)
    const { openFileCount } = process.fileSystem
    return { hasEnded, openFileCount, timers: process.timers.waitingCount }
  }, settings)
  return { ...outcome, checkpointFiles: await host.files('/checkpoints') }
}

test('ARC-30 a job cancelled at any moment ends, and leaves no open file, timer or checkpoint', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    expect({ seed, ...(await cancelledAtRandom(seed)) }).toEqual({
      seed,
      hasEnded: true,
      openFileCount: 0,
      timers: 0,
      checkpointFiles: [],
    })
  }
})
