/// <reference types="node" />
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EngineError, ErrorCode } from '../../src/base/engine-error.ts'
import {
  type DataStream,
  type MapFunction,
  perSubtask,
  type RuntimeContext,
  type StreamExecutionEnvironment,
} from '../../src/index.ts'
import type { Sink } from '../../src/operator/sink/sink.ts'
import { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import {
  type TransactionalWriterState,
  type TransactionCommittable,
  transactionalSink,
} from '../../src/testing/transactional-sink.ts'
import { runInSim } from './run-in-sim.ts'

const RESTARTING = {
  'execution.runtime-mode': 'BATCH',
  'restart-strategy.type': 'fixed-delay',
  'restart-strategy.fixed-delay.attempts': 100,
  'restart-strategy.fixed-delay.delay': '1 ms',
}

/** Where a function fails: in which stage, subtask and attempt, at which of its records. */
interface Failure {
  readonly stage: number
  readonly subtask: number
  readonly attempt: number
  readonly recordIndex: number
}

/** What ran, over all attempts. */
class Witness {
  /** `stage/subtask` and the attempts in which it was opened, in order. */
  readonly attempts = new Map<string, number[]>()
  readonly failed = new Set<Failure>()
  readonly #failures: readonly Failure[]

  constructor(failures: readonly Failure[]) {
    this.#failures = failures
  }

  /** A map that changes nothing, and fails where it is told to. */
  watched<T>(stage: number): MapFunction<T, T> {
    return perSubtask((): MapFunction<T, T> => {
      let place = { subtask: 0, attempt: 0 }
      let index = 0
      return {
        open: ({ task }: RuntimeContext): void => {
          place = { subtask: task.subtaskIndex, attempt: task.attempt }
          const key = `${stage}/${place.subtask}`
          this.attempts.set(key, [...(this.attempts.get(key) ?? []), place.attempt])
        },
        map: (value: T): T => {
          const failure = this.#failures.find(
            (one) =>
              one.stage === stage &&
              one.subtask === place.subtask &&
              one.attempt === place.attempt &&
              one.recordIndex === index,
          )
          index++
          if (failure === undefined) return value
          this.failed.add(failure)
          throw new Error(`planted in stage ${stage}`)
        },
      }
    })
  }

  /** How many attempts a stage had. */
  attemptsOf(stage: number): number {
    const attempts = [...this.attempts].filter(([key]) => key.startsWith(`${stage}/`))
    return Math.max(...attempts.flatMap(([, numbers]) => numbers)) + 1
  }
}

const COUNT = 600

/** Three stages; the first feeds a sink of its own too. */
function build(
  env: StreamExecutionEnvironment,
  witness: Witness,
  sinkOf: (prefix: string) => Sink<string, unknown, unknown>,
): DataStream<string> {
  const first = env.fromSequence(0, COUNT - 1).map(witness.watched<number>(1))
  first.map((n) => `raw ${n}`).sinkTo(sinkOf('raw'))
  const second = first
    .keyBy((n) => n % 50)
    .sum()
    .map(witness.watched<number>(2))
  const third = second
    .map((n) => `sum ${n}`)
    .rebalance()
    .map(witness.watched<string>(3))
  third.sinkTo(sinkOf('sums'))
  return third
}

function expected(): string[] {
  const sums = new Array<number>(50).fill(0)
  const raw: string[] = []
  for (let n = 0; n < COUNT; n++) {
    sums[n % 50] = (sums[n % 50] as number) + n
    raw.push(`raw ${n}`)
  }
  return [...raw, ...sums.map((sum) => `sum ${sum}`)].sort()
}

const failures = fc.array(
  fc.record({
    stage: fc.integer({ min: 1, max: 3 }),
    subtask: fc.nat(1),
    attempt: fc.nat(2),
    recordIndex: fc.nat(30),
  }),
  { maxLength: 6 },
)

test('BAT-03 tasks fail at random: exact output, and only the failed stage runs again', async () => {
  let failedRuns = 0
  const property = fc.asyncProperty(failures, fc.nat(10_000), async (planted, seed) => {
    const log = new FakeTransactionLog<string>()
    const witness = new Witness(planted)
    const sinkOf = (prefix: string): Sink<string, never, never> =>
      transactionalSink(log, { prefix, commitDelayMs: seed % 3 }) as never
    const result = await runInSim(
      async (env) => {
        build(env.setParallelism(2), witness, sinkOf)
        return env.execute('batch')
      },
      RESTARTING,
      { seed },
    )
    expect([...log.committed].sort()).toEqual(expected())
    expect(log.pending('')).toEqual([])
    // Every attempt but the last of a stage ended in its own failures.
    for (const stage of [1, 2, 3]) {
      const mine = [...witness.failed].filter((failure) => failure.stage === stage)
      const attempts = new Set(mine.map(({ attempt }) => attempt))
      expect(witness.attemptsOf(stage)).toBe(attempts.size + 1)
    }
    const failedAttempts = new Set(
      [...witness.failed].map(({ stage, attempt }) => `${stage} ${attempt}`),
    )
    expect(result.restarts).toBe(failedAttempts.size)
    expect(result.sinkRecords).toEqual({ 'transactional sink': COUNT + 50 })
    if (failedAttempts.size > 0) failedRuns++
  })
  await fc.assert(property, { seed: 3, numRuns: 60 })
  expect(failedRuns).toBeGreaterThan(30)
})

/** A sink whose first commit fails after it was carried out. */
function failingCommits(
  inner: Sink<string, TransactionCommittable, TransactionalWriterState>,
  failed: { count: number },
): Sink<string, TransactionCommittable, TransactionalWriterState> {
  return {
    ...inner,
    createCommitter(context) {
      const committer = inner.createCommitter?.(context)
      return {
        async commit(committables) {
          await committer?.commit(committables)
          if (failed.count++ === 0) {
            throw new EngineError(ErrorCode.USER_FUNCTION, 'planted: the connection broke')
          }
        },
        close: () => committer?.close(),
      }
    },
  }
}

test.each([1, 2, 3])('BAT-03 all at once, a failure in stage %i: exact output', async (stage) => {
  const property = fc.asyncProperty(fc.nat(20), fc.nat(1), async (recordIndex, subtask) => {
    const log = new FakeTransactionLog<string>()
    const witness = new Witness([{ stage, subtask, attempt: 0, recordIndex }])
    const failed = { count: 0 }
    await runInSim(
      async (env) => {
        build(env.setParallelism(2), witness, (prefix) => {
          const sink = transactionalSink<string>(log, { prefix })
          return (prefix === 'sums' ? failingCommits(sink, failed) : sink) as never
        })
        return env.execute('batch')
      },
      { ...RESTARTING, 'execution.batch-shuffle-mode': 'ALL_EXCHANGES_PIPELINED' },
    )
    expect(failed.count).toBeGreaterThan(1)
    expect([...log.committed].sort()).toEqual(expected())
    expect(log.pending('')).toEqual([])
  })
  await fc.assert(property, { seed: 5, numRuns: 10 })
})

test.each(['raw', 'sums'])(
  'BAT-03 a failure while %s is committed runs nothing again',
  async (which) => {
    const log = new FakeTransactionLog<string>()
    const witness = new Witness([])
    const failed = { count: 0 }
    const result = await runInSim(async (env) => {
      build(env.setParallelism(2), witness, (prefix) => {
        const sink = transactionalSink<string>(log, { prefix })
        return (prefix === which ? failingCommits(sink, failed) : sink) as never
      })
      return env.execute('batch')
    }, RESTARTING)
    expect(failed.count).toBeGreaterThan(1)
    expect(result.restarts).toBe(1)
    expect([...log.committed].sort()).toEqual(expected())
    // The tasks were opened again, to commit; what they had sent was kept for the next stage.
    expect(witness.attemptsOf(which === 'raw' ? 1 : 3)).toBe(2)
    expect(witness.attemptsOf(2)).toBe(1)
  },
)

/** A sink that fails once while a checkpoint is taken, after it has prepared its commit. */
function failingSnapshots(
  inner: Sink<string, TransactionCommittable, TransactionalWriterState>,
  failed: { count: number },
): Sink<string, TransactionCommittable, TransactionalWriterState> {
  return {
    ...inner,
    createWriter(context, restored) {
      const writer = inner.createWriter(context, restored)
      return {
        write: (value, timestampMs) => writer.write(value, timestampMs),
        prepareCommit(checkpointId) {
          const committables = writer.prepareCommit(checkpointId)
          if (context.task.subtaskIndex === 1 && failed.count++ === 0) {
            throw new Error('planted while a checkpoint is taken')
          }
          return committables
        },
        snapshotState: (checkpointId) => writer.snapshotState(checkpointId),
        endInput: () => writer.endInput(),
        close: () => writer.close(),
      }
    },
  }
}

test('BAT-03 what a stage had prepared when it failed is given up: it starts afresh', async () => {
  const log = new FakeTransactionLog<string>()
  const witness = new Witness([])
  const failed = { count: 0 }
  await runInSim(async (env) => {
    build(env.setParallelism(2), witness, (prefix) => {
      const sink = transactionalSink<string>(log, { prefix })
      return (prefix === 'sums' ? failingSnapshots(sink, failed) : sink) as never
    })
    return env.execute('batch')
  }, RESTARTING)
  expect(failed.count).toBeGreaterThan(1)
  expect([...log.committed].sort()).toEqual(expected())
  expect(log.pending('')).toEqual([])
  expect([1, 2, 3].map((stage) => witness.attemptsOf(stage))).toEqual([1, 1, 2])
})

test('BAT-03 without restarts the first failure ends the job, and it says in which stage', async () => {
  const witness = new Witness([{ stage: 2, subtask: 0, attempt: 0, recordIndex: 3 }])
  const log = new FakeTransactionLog<string>()
  const run = runInSim(
    async (env) => {
      build(env, witness, (prefix) => transactionalSink(log, { prefix }) as never)
      await env.execute('batch')
    },
    { 'execution.runtime-mode': 'BATCH' },
  )
  await expect(run).rejects.toMatchObject({
    code: 'JOB_FAILED',
    message: expect.stringContaining('planted in stage 2'),
  })
  // The first stage had finished, and with it the output of its sink.
  expect(log.committed).toHaveLength(COUNT)
})

test('BAT-03 cancelled between or within stages: ends, and nothing is left', async () => {
  const property = fc.asyncProperty(fc.nat(40), async (slices) => {
    const state = await runInSim(async (env, process) => {
      const log = new FakeTransactionLog<string>()
      build(env, new Witness([]), (prefix) => transactionalSink(log, { prefix }) as never)
      const client = await env.executeAsync('batch')
      for (let i = 0; i < slices; i++)
        await new Promise<void>((go) => process.env.executor.post(go))
      await client.cancel()
      return client.status()
    }, RESTARTING)
    expect(['CANCELED', 'FINISHED']).toContain(state)
  })
  await fc.assert(property, { seed: 4, numRuns: 40 })
})
