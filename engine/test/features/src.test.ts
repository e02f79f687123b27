import { expect, test } from 'vitest'
import { fileSource } from '../../src/connector/file/file-source.ts'
import { jsonLines } from '../../src/connector/file/json-lines.ts'
import {
  type AsyncFunction,
  asyncDataStream,
  datagenSource,
  discardSink,
  perSubtask,
  printSink,
  type ResourceOptions,
  type RuntimeContext,
  type Sink,
  sequenceSource,
} from '../../src/index.ts'
import type { ReaderOutput, Source, SourceReader } from '../../src/operator/source/source.ts'
import { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { failOnce, record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { transactionalSink } from '../../src/testing/transactional-sink.ts'
import { ArraySink } from './array-sink.ts'
import { passUntil, runInSim, SimHost, writeText } from './run-in-sim.ts'

interface Range {
  readonly split: number
  readonly next: number
}

/** Ten splits of 50 records, one record a poll and 10 ms between them. Notes who got which. */
function tenSplits(assigned: string[]): Source<string, Range, readonly Range[]> {
  return {
    boundedness: 'bounded',
    name: 'Ten splits',
    createEnumerator: (context, restored) => {
      const left = [...(restored ?? Array.from({ length: 10 }, (_, split) => ({ split, next: 0 })))]
      return {
        start: () => {},
        handleSplitRequest: (subtask) => {
          const split = left.shift()
          if (split === undefined) context.signalNoMoreSplits(subtask)
          else {
            assigned.push(`${split.split}`)
            context.assignSplit(split, subtask)
          }
        },
        addSplitsBack: (splits) => void left.unshift(...splits),
        addReader: () => {},
        snapshotState: () => left,
        close: () => {},
      }
    },
    createReader: (context): SourceReader<string, Range> => {
      let splits: Range[] = []
      let ended = false
      let dueMs = 0
      return {
        start: () => context.requestSplit(),
        addSplits: (added) => void splits.push(...added),
        notifyNoMoreSplits: () => {
          ended = true
        },
        snapshotState: () => splits,
        close: () => {},
        poll: (output: ReaderOutput<string>) => {
          const [current, ...others] = splits
          if (current === undefined) return ended ? 'end' : 'waiting'
          const nowMs = context.env.clock.nowMs()
          if (nowMs < dueMs) return 'waiting'
          output.collect(`${current.split}.${current.next}`, Number.NaN)
          dueMs = nowMs + 10
          context.env.timers.schedule(dueMs, () => context.wakeUp())
          splits = others
          if (current.next < 49) splits.unshift({ ...current, next: current.next + 1 })
          else context.requestSplit()
          return 'waiting'
        },
      }
    },
  }
}

test('SRC-01 ten splits at p=3 are read once each, also when the job is rescaled on the way', async () => {
  const expected = Array.from({ length: 500 }, (_, n) => `${n % 10}.${Math.floor(n / 10)}`).sort()
  const assigned: string[] = []
  const all = await runInSim((env) =>
    env.setParallelism(3).fromSource(tenSplits(assigned)).executeAndCollect(),
  )
  expect(all.sort()).toEqual(expected)
  expect(assigned.sort()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
  const host = new SimHost()
  const log = new FakeTransactionLog<string>()
  const run = (parallelism: number, isLast: boolean): Promise<void> =>
    host.run(
      async (env, process) => {
        const records = env.setParallelism(parallelism).fromSource(tenSplits([])).uid('in')
        records.sinkTo(transactionalSink(log)).setParallelism(1).uid('sink')
        const client = await env.executeAsync('rescaled')
        if (isLast) await client.result()
        else await passUntil(process, () => client.checkpoints().length > 3)
      },
      {
        'execution.checkpointing.interval': 100,
        'execution.checkpointing.dir': '/checkpoints',
        'execution.state-recovery.path': 'latest',
      },
    )
  await run(3, false)
  await run(5, false)
  await run(2, true)
  expect([...log.committed].sort()).toEqual(expected)
})

test('SRC-03 a sink keeps what a side effect in flatMap doubles when the job is killed', async () => {
  const input = new ScriptedInput<number>()
  const log = new FakeTransactionLog<number>()
  const sideEffects: number[] = []
  const calls: string[] = []
  class Writing {
    open(_: RuntimeContext): void {
      calls.push('open')
    }
    flatMap(n: number, out: { collect(n: number): void }): void {
      sideEffects.push(n)
      out.collect(n)
    }
    close(): void {
      calls.push('close')
    }
  }
  const job = testJob((env) => {
    env.enableCheckpointing(10_000)
    const stream = env.fromSource(scriptedSource(input)).flatMap(new Writing())
    stream.sinkTo(transactionalSink(log))
  })
  await job.feed(input, [record(1), record(2)])
  await job.kill()
  input.end()
  await job.finish()
  expect(log.committed).toEqual([1, 2])
  expect(sideEffects).toEqual([1, 2, 1, 2])
  expect(calls).toEqual(['open', 'open', 'close'])
})

test('SRC-09 a generated sequence 1..1000 ends; discard counts it, print shows it', async () => {
  const lines: string[] = []
  const counts = await runInSim(async (env) => {
    const source = datagenSource({ generate: (index) => index + 1, count: 1_000 })
    const numbers = env.fromSource(source)
    numbers.sinkTo(discardSink())
    numbers.sinkTo(printSink({ write: (line) => void lines.push(line) }))
    const client = await env.executeAsync('sequence')
    await client.result()
    return client.metrics().flatMap(({ values }) => values.numRecordsDiscarded ?? [])
  })
  expect(counts).toEqual([1_000])
  expect(lines).toEqual(Array.from({ length: 1_000 }, (_, index) => `${index + 1}`))
})

test('SRC-10 a record that cannot be parsed follows the policy; one without content is left out', async () => {
  const read = (policy: string) =>
    runInSim(
      async (env, process) => {
        await writeText(process, '/in/rows.jsonl', '{"n":1}\n\nnot json\n{"n":2}\n')
        const source = fileSource({ path: '/in', format: jsonLines<{ n: number }>() })
        return env
          .fromSource(source)
          .map(({ n }) => n)
          .executeAndCollect()
      },
      { 'pipeline.record-error-policy': policy },
    )
  expect(await read('skip')).toEqual([1, 2])
  await expect(read('fail')).rejects.toThrow(/rows\.jsonl:3.*not json/s)
})

test('SRC-09 both ends work without any setting', async () => {
  const sink = new ArraySink<number>()
  await runInSim(async (env) => {
    env.fromSequence(1, 3).sinkTo(sink)
    await env.execute()
  })
  expect(sink.records).toEqual([1, 2, 3])
})

/** A database that counts who is connected. */
class FakeDatabase {
  connections = 0
  openedCount = 0
  readonly #failures: number

  constructor(failures: number = 0) {
    this.#failures = failures
  }

  resource(sharing: 'subtask' | 'task-manager'): ResourceOptions<{ lookup(n: number): number }> {
    return {
      name: 'database',
      sharing,
      open: async () => {
        if (this.openedCount++ < this.#failures) throw new Error('too many connections')
        this.connections++
        return { lookup: (n) => n * 10 }
      },
      close: () => {
        this.connections--
      },
    }
  }
}

/** Asks the database for each record, over a connection that it was given in `open`. */
class Lookup implements AsyncFunction<number, number> {
  readonly resource: ResourceOptions<{ lookup(n: number): number }>
  client: Promise<{ lookup(n: number): number }> | undefined

  constructor(resource: ResourceOptions<{ lookup(n: number): number }>) {
    this.resource = resource
  }
  open(context: RuntimeContext): void {
    this.client = context.acquire(this.resource).resource
    this.client.catch(() => {})
  }
  async asyncInvoke(value: number): Promise<number> {
    return ((await this.client) as { lookup(n: number): number }).lookup(value)
  }
}

function lookupJob(database: FakeDatabase, sharing: 'subtask' | 'task-manager', restarts = 0) {
  const input = new ScriptedInput<number>()
  const sink = new ArraySink<number>()
  const job = testJob(
    (env) => {
      const numbers = env.fromSource(scriptedSource(input)).rebalance()
      const lookup = perSubtask(() => new Lookup(database.resource(sharing)))
      asyncDataStream.orderedWait(numbers, lookup).setParallelism(4).sinkTo(sink)
    },
    {
      settings: {
        'restart-strategy.type': 'fixed-delay',
        'restart-strategy.fixed-delay.attempts': restarts,
        'restart-strategy.fixed-delay.delay': 100,
        'execution.checkpointing.interval': 500,
      },
    },
  )
  const openConnections = (): number =>
    job.client.metrics().reduce((sum, { values }) => sum + (values.numOpenConnections ?? 0), 0)
  return { job, input, sink, openConnections }
}

test('SRC-08 open connections: one per subtask by default, one per TaskManager when shared', async () => {
  for (const [sharing, expected] of [
    ['subtask', 4],
    ['task-manager', 1],
  ] as const) {
    const database = new FakeDatabase()
    const { job, input, sink, openConnections } = lookupJob(database, sharing)
    await job.feed(
      input,
      [1, 2, 3, 4, 5].map((n) => record(n)),
    )
    expect([database.connections, openConnections()]).toEqual([expected, expected])
    input.end()
    await job.finish()
    expect(sink.records.toSorted((left, right) => left - right)).toEqual([10, 20, 30, 40, 50])
    expect(database.connections).toBe(0)
    expect(database.openedCount).toBe(expected)
  }
})

test('SRC-08 a shared connection is closed at a failure and opened once by the next attempt', async () => {
  const database = new FakeDatabase()
  const { job, input, sink, openConnections } = lookupJob(database, 'task-manager', 1)
  await job.feed(
    input,
    [1, 2, 3].map((n) => record(n)),
  )
  await job.feed(input, [failOnce(), record(4)])
  expect([database.openedCount, database.connections, openConnections()]).toEqual([2, 1, 1])
  input.end()
  expect((await job.finish()).restarts).toBe(1)
  expect(sink.records.toSorted((left, right) => left - right)).toEqual([10, 20, 30, 40])
  expect(database.connections).toBe(0)
})

test('SRC-08 when it cannot be opened, all subtasks fail; the restart opens it again', async () => {
  const database = new FakeDatabase(1)
  const { job, input, sink } = lookupJob(database, 'task-manager', 1)
  await job.feed(
    input,
    [1, 2, 3, 4].map((n) => record(n)),
  )
  input.end()
  expect((await job.finish()).restarts).toBe(1)
  expect(sink.records.toSorted((left, right) => left - right)).toEqual([10, 20, 30, 40])
  expect([database.openedCount, database.connections]).toEqual([2, 0])
})

test('SRC-08 readers, writers and committers share with each other as well', async () => {
  const database = new FakeDatabase()
  const resource = database.resource('task-manager')
  const numbers = sequenceSource(1, 10)
  const source: typeof numbers = {
    ...numbers,
    createReader: (context) => {
      void context.acquire(resource)
      return numbers.createReader(context)
    },
  }
  const written: number[] = []
  const sink: Sink<number, number> = {
    name: 'Database',
    createWriter: (context) => {
      const client = context.acquire(resource).resource
      let rows: number[] = []
      return {
        write: (value) => void rows.push(value),
        prepareCommit: () => {
          context.awaitBeforeAcknowledge(client.then(() => {}))
          const committables = rows
          rows = []
          return committables
        },
        snapshotState: () => [],
        endInput: () => {},
        close: () => {},
      }
    },
    createCommitter: (context) => {
      const client = context.acquire(resource).resource
      return {
        commit: async (rows) => {
          const { lookup } = await client
          expect(database.connections).toBe(1)
          written.push(...rows.map(lookup))
        },
        close: () => {},
      }
    },
  }
  await runInSim(async (env) => {
    env.setParallelism(2).fromSource(source).rebalance().sinkTo(sink)
    await env.execute()
  })
  expect(written.toSorted((left, right) => left - right)).toEqual(
    Array.from({ length: 10 }, (_, index) => (index + 1) * 10),
  )
  expect([database.openedCount, database.connections]).toEqual([1, 0])
})
