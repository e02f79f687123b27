import { expect, test } from 'vitest'
import { fileSource } from '../../src/connector/file/file-source.ts'
import { jsonLines } from '../../src/connector/file/json-lines.ts'
import {
  DEAD_LETTERS,
  type DeadLetter,
  type JobClient,
  type RuntimeContext,
  type StreamExecutionEnvironment,
  valueState,
} from '../../src/index.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { malformed, record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { runInSim, writeText } from './run-in-sim.ts'

/** A job that fails whenever it runs. Returns the delays before its restarts. */
async function restartDelays(settings: Readonly<Record<string, unknown>>): Promise<{
  readonly delaysMs: readonly number[]
  readonly states: readonly string[]
  readonly error: unknown
}> {
  return runInSim(async (env) => {
    env
      .fromElements(1)
      .map(() => {
        throw new Error('always')
      })
      .sinkTo(new ArraySink())
    const client = await env.executeAsync('failing')
    const error = await client.result().catch((reason) => reason)
    const history = client.stateHistory()
    const delaysMs = history.flatMap(({ state, atMs }, index) => {
      const next = history[index + 1]
      return state === 'RESTARTING' && next?.state === 'RUNNING' ? [next.atMs - atMs] : []
    })
    return { delaysMs, states: history.map(({ state }) => state), error }
  }, settings)
}

test('REC-01 none: the first failure is the last', async () => {
  const { delaysMs, states, error } = await restartDelays({ 'restart-strategy.type': 'none' })
  expect(delaysMs).toEqual([])
  expect(states).toEqual(['CREATED', 'RUNNING', 'FAILING', 'FAILED'])
  expect(error).toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining('always') })
})

test('REC-01 fixed delay: as many restarts as set, always after the same delay', async () => {
  const { delaysMs, states } = await restartDelays({
    'restart-strategy.type': 'fixed-delay',
    'restart-strategy.fixed-delay.attempts': 3,
    'restart-strategy.fixed-delay.delay': '5 s',
  })
  expect(delaysMs).toEqual([5_000, 5_000, 5_000])
  expect(states.at(-1)).toBe('FAILED')
})

test('REC-01 failure rate: fails when too many failures come within the interval', async () => {
  const { delaysMs, states } = await restartDelays({
    'restart-strategy.type': 'failure-rate',
    'restart-strategy.failure-rate.max-failures-per-interval': 2,
    'restart-strategy.failure-rate.failure-rate-interval': '1 min',
    'restart-strategy.failure-rate.delay': '10 s',
  })
  expect(delaysMs).toEqual([10_000, 10_000])
  expect(states.at(-1)).toBe('FAILED')
})

test('REC-01 exponential delay: grows up to its bound', async () => {
  const { delaysMs } = await restartDelays({
    'restart-strategy.type': 'exponential-delay',
    'restart-strategy.exponential-delay.initial-backoff': '1 s',
    'restart-strategy.exponential-delay.max-backoff': '3 s',
    'restart-strategy.exponential-delay.attempts-before-reset-backoff': 5,
  })
  expect(delaysMs).toEqual([1_000, 1_500, 2_250, 3_000, 3_000])
})

test('REC-01 a failure that every restart would repeat ends the job at once', async () => {
  const states: string[] = []
  const run = runInSim(async (env) => {
    env
      .enableCheckpointing(1_000)
      .fromElements(1)
      .map({
        open: (context: RuntimeContext) => void context.getState(valueState('count')),
        map: (n: number) => n,
      })
      .sinkTo(new ArraySink())
    const client = await env.executeAsync('not keyed')
    try {
      await client.result()
    } finally {
      states.push(...client.stateHistory().map(({ state }) => state))
    }
  })
  await expect(run).rejects.toThrow(/exponential-delay.*0 restarts, none would help.*keyBy/s)
  expect(states).toEqual(['CREATED', 'RUNNING', 'FAILING', 'FAILED'])
})

const numbers = Array.from({ length: 1_000 }, (_, n) => n)
const bad = [100, 500, 900]

/** 1 000 records of which three make the function throw. */
async function poisoned(policy: string): Promise<{
  readonly results: readonly number[]
  readonly letters: readonly DeadLetter[]
  readonly client: JobClient
}> {
  return runInSim(
    async (env) => {
      const results = new ArraySink<number>()
      const letters = new ArraySink<DeadLetter>()
      const mapped = env
        .fromSource(scriptedSource([numbers.map((n) => record(n, n))]))
        .map((n) => {
          if (bad.includes(n)) throw new Error(`${n} is poison`)
          return n
        })
        .name('Check')
      mapped.sinkTo(results)
      mapped.getSideOutput(DEAD_LETTERS).sinkTo(letters)
      const client = await env.executeAsync('poisoned')
      await client.result()
      return { results: results.records, letters: letters.records, client }
    },
    { 'pipeline.record-error-policy': policy },
  )
}

const metric = (client: JobClient, name: string): number =>
  client.metrics().reduce((sum, { values }) => sum + (values[name] ?? 0), 0)

test('REC-10 dead letters: 997 results, the three bad records with cause and payload', async () => {
  const { results, letters, client } = await poisoned('dead-letter')
  expect(results).toEqual(numbers.filter((n) => !bad.includes(n)))
  expect(letters).toEqual(
    bad.map((n) => ({
      operatorName: 'Check',
      subtaskIndex: 0,
      record: n,
      origin: undefined,
      timestampMs: n,
      cause: `Error: ${n} is poison`,
    })),
  )
  expect(metric(client, 'numRecordsDeadLettered')).toBe(3)
  expect(client.stateHistory().map(({ state }) => state)).toEqual([
    'CREATED',
    'RUNNING',
    'FINISHED',
  ])
})

test('REC-10 skip: 997 results and a count', async () => {
  const { results, letters, client } = await poisoned('skip')
  expect([results.length, letters.length]).toEqual([997, 0])
  expect(metric(client, 'numRecordsSkipped')).toBe(3)
})

test('REC-10 fail: the message names operator, subtask, record and cause', async () => {
  await expect(poisoned('fail')).rejects.toThrow(
    /operator 'Check' \(subtask 0 of 1\) failed at record 100 .*100 is poison.*Record: 100/s,
  )
})

test('REC-10 records a source cannot parse are dead letters with their origin', async () => {
  const letters = new ArraySink<DeadLetter>()
  const good = await runInSim(
    async (env: StreamExecutionEnvironment, process) => {
      await writeText(process, '/in/data.jsonl', '{"n":1}\n{"n":\n{"n":3}\n')
      const rows = env.fromSource(fileSource({ path: '/in', format: jsonLines<{ n: number }>() }))
      rows.getSideOutput(DEAD_LETTERS).sinkTo(letters)
      return rows.map(({ n }) => n).executeAndCollect()
    },
    { 'pipeline.record-error-policy': 'dead-letter' },
  )
  expect(good).toEqual([1, 3])
  expect(letters.records).toHaveLength(1)
  expect(letters.records[0]?.record).toBe('{"n":')
  expect(letters.records[0]?.origin).toMatch(/\/in\/data\.jsonl.*2/)
})

test('REC-10 the job stays RUNNING while an endless source sends poison, and counts it', async () => {
  const input = new ScriptedInput<number>()
  const letters = new ArraySink<DeadLetter>()
  const settings = { 'pipeline.record-error-policy': 'dead-letter' }
  const job = testJob(
    (env) => {
      const stream = env.fromSource(scriptedSource(input))
      stream.getSideOutput(DEAD_LETTERS).sinkTo(letters)
    },
    { settings },
  )
  await job.feed(input, [record(1), malformed('x', 'no digits'), record(2), malformed('y')])
  expect(letters.records.map(({ record, cause, origin }) => [record, cause, origin])).toEqual([
    ['x', 'no digits', 'split 0, position 1'],
    ['y', 'planted by a test', 'split 0, position 3'],
  ])
  expect(metric(job.client, 'numRecordsDeadLettered')).toBe(2)
  expect(job.client.status()).toBe('RUNNING')
  job.stop()
})
