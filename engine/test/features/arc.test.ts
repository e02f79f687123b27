import { expect, test } from 'vitest'
import {
  type Collector,
  CounterAccumulator,
  datagenSource,
  type KeyedProcessContext,
  type RuntimeContext,
  type StreamExecutionEnvironment,
  TypeRegistry,
  types,
  type ValueState,
  valueState,
} from '../../src/index.ts'
import type { Sink, SinkWriterContext } from '../../src/operator/sink/sink.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { failOnce, record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { pass, runInSim } from './run-in-sim.ts'

test('ARC-03 a source does nothing before execute() and reads once after it', async () => {
  const effects: string[] = []
  await runInSim(async (env) => {
    const source = scriptedSource([[record(1)]])
    const watched = {
      ...source,
      createReader: (context: Parameters<typeof source.createReader>[0]) => {
        effects.push('reader')
        return source.createReader(context)
      },
    }
    env
      .fromSource(watched)
      .map((n) => void effects.push(`read ${n}`))
      .sinkTo(new ArraySink())
    env.explain()
    effects.push('built')
    await env.execute()
  })
  expect(effects).toEqual(['built', 'reader', 'read 1'])
})

/** Takes `perSecond` records a second and says when it can take no more. */
function slowSink(perSecond: number): Sink<number> & { count: number } {
  const sink = {
    name: 'Slow Sink',
    count: 0,
    createWriter: (context: SinkWriterContext) => {
      let takenInSecond = 0
      return {
        write: () => {
          sink.count++
          if (++takenInSecond !== perSecond) return
          context.setAvailable(false)
          context.schedule(context.env.clock.nowMs() + 1_000, () => {
            takenInSecond -= perSecond
            context.setAvailable(takenInSecond < perSecond)
          })
        },
        prepareCommit: () => [],
        snapshotState: () => [],
        endInput: () => {},
        close: () => {},
      }
    },
  }
  return sink
}

test('ARC-10 a sink of 1 k/s slows an unlimited source to 1 k/s; what waits is bounded; nothing is lost', async () => {
  const sink = slowSink(1_024)
  const generated: number[] = []
  const counts = await runInSim(async (env, process) => {
    let highest = -1
    const source = datagenSource({
      generate: (index) => {
        highest = Math.max(highest, index)
        return index
      },
    })
    env
      .fromSource(source)
      .rebalance()
      .map((n) => {
        generated.push(n)
        return n
      })
      .disableChaining()
      .sinkTo(sink)
    const client = await env.executeAsync('backpressure')
    const ahead: number[] = []
    for (let second = 0; second < 60; second++) {
      await pass(process, 1_000)
      ahead.push(highest + 1 - sink.count)
    }
    await client.cancel()
    return { ahead, highest }
  })
  expect(sink.count).toBeGreaterThan(58 * 1_024)
  expect(sink.count).toBeLessThan(63 * 1_024)
  // Two exchanges of 8 batches, and what the tasks between them hold in hand.
  expect(Math.max(...counts.ahead)).toBeLessThan(24 * 1_024)
  expect(counts.ahead.at(-1)).toBe(counts.ahead[5])
  expect(generated.every((n, index) => n === index)).toBe(true)
})

/** Two states that every callback leaves equal, and a flag that says whether one is at work. */
class Mailboxed {
  left!: ValueState<number>
  right!: ValueState<number>
  isBusy = false
  torn = 0
  open(context: RuntimeContext): void {
    this.left = context.getState(valueState('left', { type: types.int, initialValue: 0 }))
    this.right = context.getState(valueState('right', { type: types.int, initialValue: 0 }))
  }
  snapshotState(): void {
    if (this.isBusy) this.torn++
  }
  initializeState(): void {}
  processElement(n: number, ctx: KeyedProcessContext<number>, out: Collector<number>): void {
    const { timerService } = ctx
    this.change(out)
    timerService.registerProcessingTimeTimer(timerService.currentProcessingTime() + (n % 100))
  }
  onTimer(_timestampMs: number, _ctx: unknown, out: Collector<number>): void {
    this.change(out)
  }
  private change(out: Collector<number>): void {
    if (this.isBusy || this.left.value() !== this.right.value()) this.torn++
    this.isBusy = true
    this.left.update((this.left.value() ?? 0) + 1)
    out.collect(this.torn)
    this.right.update((this.right.value() ?? 0) + 1)
    this.isBusy = false
  }
}

test('ARC-11 records, timers and snapshots of a task never interleave', async () => {
  const torn = new ArraySink<number>()
  const completed = await runInSim(async (env) => {
    env.setParallelism(2).enableCheckpointing(1)
    const source = datagenSource({
      generate: (index) => index,
      count: 10_000,
      ratePerSecond: 20_000,
    })
    env
      .fromSource(source)
      .keyBy((n) => n % 7)
      .process(new Mailboxed())
      .sinkTo(torn)
    const client = await env.executeAsync('mailbox')
    await client.result()
    return client.checkpoints().filter(({ status }) => status === 'COMPLETED').length
  })
  expect(completed).toBeGreaterThan(20)
  expect(torn.records.length).toBeGreaterThan(12_000)
  expect(Math.max(...torn.records)).toBe(0)
})

class Money {
  readonly cents: number
  constructor(cents: number) {
    this.cents = cents
  }
  plus(other: Money): Money {
    return new Money(this.cents + other.cents)
  }
}

const moneyType = types.custom<Money>({
  name: 'Money',
  version: 1,
  accepts: (value) => value instanceof Money,
  serialize: ({ cents }, output) => output.varint(cents),
  deserialize: (input) => new Money(input.varint()),
})

class Purse {
  readonly type: 'custom' | 'registry'
  sum!: ValueState<Money>
  constructor(type: 'custom' | 'registry') {
    this.type = type
  }
  open(context: RuntimeContext): void {
    const registry = new TypeRegistry().register(Money, moneyType)
    const type = this.type === 'custom' ? moneyType : (types.generic(registry) as typeof moneyType)
    this.sum = context.getState(valueState('sum', { type }))
  }
  processElement(money: Money, _: unknown, out: Collector<string>): void {
    const sum = this.sum.value()?.plus(money) ?? money
    this.sum.update(sum)
    out.collect(`${sum instanceof Money} ${sum.cents}`)
  }
}

test('ARC-14 a class with its serializer keeps its prototype across a shuffle and a restore', async () => {
  for (const type of ['custom', 'registry'] as const) {
    const input = new ScriptedInput<Money>()
    const sums = new ArraySink<string>()
    const job = testJob((env) => {
      env.enableCheckpointing(500)
      const keyed = env.fromSource(scriptedSource(input)).keyBy(() => 'all')
      keyed.process(new Purse(type)).setParallelism(2).sinkTo(sums)
    })
    await job.feed(input, [record(new Money(5)), record(new Money(7))])
    await job.checkpoints()
    await job.kill()
    await job.feed(input, [record(new Money(30))])
    expect(sums.records).toEqual(['true 5', 'true 12', 'true 42'])
    job.stop()
  }
})

test('ARC-15 chained or not, the results are equal', async () => {
  const run = (settings: Readonly<Record<string, unknown>>) =>
    runInSim(
      (env) =>
        env
          .fromSequence(1, 100)
          .map((n) => n * 3)
          .filter((n) => n % 2 === 0)
          .flatMap<string>((n, out) => {
            for (let i = 0; i < n % 5; i++) out.collect(`${n}.${i}`)
          })
          .executeAndCollect(),
      settings,
    )
  const chained = await run({})
  expect(chained.length).toBeGreaterThan(50)
  expect(await run({ 'pipeline.operator-chaining.enabled': false })).toEqual(chained)
})

test('ARC-18, ARC-19 open and close once per subtask and attempt, with the facts of each', async () => {
  const input = new ScriptedInput<number>()
  const calls: string[] = []
  class Lifecycle {
    label = 'not opened'
    open({ task }: RuntimeContext): void {
      const { subtaskIndex, parallelism, attempt, operatorName, jobName } = task
      this.label = `${operatorName} of ${jobName} ${subtaskIndex}/${parallelism} #${attempt}`
      calls.push(`open ${this.label}`)
    }
    map(n: number): string {
      return `${n} ${this.label}`
    }
    close(): void {
      calls.push(`close ${this.label}`)
    }
  }
  const seen = new ArraySink<string>()
  const job = testJob((env) => {
    env.enableCheckpointing(1_000)
    const stream = env.fromSource(scriptedSource(input)).rebalance()
    stream.map(new Lifecycle()).name('Life').setParallelism(3).sinkTo(seen)
  })
  await job.feed(input, [record(1), record(2), record(3)])
  expect([...seen.records].sort()).toEqual([
    '1 Life of test-job 0/3 #0',
    '2 Life of test-job 1/3 #0',
    '3 Life of test-job 2/3 #0',
  ])
  await job.feed(input, [failOnce()])
  input.end()
  await job.finish()
  const expected = [0, 1].flatMap((attempt) =>
    [0, 1, 2].flatMap((subtask) =>
      ['open', 'close'].map((call) => `${call} Life of test-job ${subtask}/3 #${attempt}`),
    ),
  )
  expect(calls.sort()).toEqual(expected.sort())
})

test('ARC-26 a counter incremented in 4 subtasks equals the record count in the result', async () => {
  class Counting {
    count = new CounterAccumulator()
    open(context: RuntimeContext): void {
      this.count = new CounterAccumulator()
      context.addAccumulator('records', this.count)
    }
    map(n: number): number {
      this.count.add(1)
      return n
    }
  }
  const result = await runInSim((env) => {
    env.setParallelism(4).fromSequence(1, 1_000).map(new Counting()).sinkTo(new ArraySink())
    return env.execute('count')
  })
  expect(result.accumulators).toEqual({ records: 1_000 })
  expect(result.jobName).toBe('count')
})

test('ARC-31 the order within a channel and per key is kept at p=8', async () => {
  const lines = new ArraySink<string>()
  await runInSim(async (env: StreamExecutionEnvironment) => {
    const elements = Array.from({ length: 5_000 }, (_, n) => record({ key: n % 37, n }))
    env
      .fromSource(scriptedSource([elements]))
      .setParallelism(1)
      .keyBy('key')
      .process<{ key: number; n: number }>({
        processElement: (value, _, out) => out.collect(value),
      })
      .setParallelism(8)
      .keyBy('key')
      .process<string>({ processElement: ({ key, n }, _, out) => out.collect(`${key} ${n}`) })
      .setParallelism(5)
      .sinkTo(lines)
    await env.execute()
  })
  const last = new Map<string, number>()
  for (const [key = '', n] of lines.records.map((line) => line.split(' '))) {
    expect(Number(n)).toBeGreaterThan(last.get(key) ?? -1)
    last.set(key, Number(n))
  }
  expect(lines.records).toHaveLength(5_000)
})
