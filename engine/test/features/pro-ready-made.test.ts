import { expect, test } from 'vitest'
import {
  type Collector,
  type KeyedProcessContext,
  type ListState,
  listState,
  periodicSource,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
  watermarks,
} from '../../src/index.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { runInSim } from './run-in-sim.ts'

/** Holds records back until the configuration of their key is there. */
class Configured {
  private waiting!: ListState<string>
  private config!: ValueState<string>
  open(context: RuntimeContext): void {
    this.waiting = context.getListState(listState('waiting', { type: types.string }))
    this.config = context.getState(valueState('config', { type: types.string }))
  }
  processElement1(value: string, _ctx: KeyedProcessContext<string>, out: Collector<string>): void {
    const config = this.config.value()
    if (config === undefined) this.waiting.add(value)
    else out.collect(`${config}(${value})`)
  }
  processElement2(config: string, _ctx: KeyedProcessContext<string>, out: Collector<string>): void {
    const setting = config.slice(2)
    this.config.update(setting)
    for (const value of this.waiting.get()) out.collect(`${setting}(${value})`)
    this.waiting.clear()
  }
}

test('PRO-08 data waits in state for its configuration and is then released in order', async () => {
  const data = new ScriptedInput<string>()
  const configs = new ScriptedInput<string>()
  const sink = new ArraySink<string>()
  const job = testJob((env) => {
    env.enableCheckpointing(500)
    const first = env.fromSource(scriptedSource(data), undefined, 'data', 1)
    const second = env.fromSource(scriptedSource(configs), undefined, 'configs', 1)
    const keyOf = (value: string): string => value.charAt(0)
    first
      .connect(second)
      .keyBy(keyOf, keyOf, types.string)
      .process(new Configured())
      .uid('configured')
      .sinkTo(sink)
  })
  await job.feed(
    data,
    ['a1', 'a2', 'b1', 'a3'].map((value) => record(value)),
  )
  await job.checkpoints(2)
  await job.kill()
  expect(sink.records).toEqual([])
  await job.feed(configs, [record('a:f')])
  expect(sink.records).toEqual(['f(a1)', 'f(a2)', 'f(a3)'])
  await job.feed(data, [record('a4'), record('b2')])
  await job.feed(configs, [record('a:g'), record('b:h')])
  await job.feed(data, [record('a5')])
  expect(sink.records.slice(3)).toEqual(['f(a4)', 'h(b1)', 'h(b2)', 'g(a5)'])
  job.stop()
})

test('PRO-11 shuffled events leave in event-time order per key, through a kill', async () => {
  const input = new ScriptedInput<{ readonly key: string; readonly n: number }>()
  const sink = new ArraySink<{ readonly key: string; readonly n: number }>()
  const job = testJob((env) => {
    env.enableCheckpointing(200)
    env
      .fromSource(
        scriptedSource(input),
        watermarks.boundedOutOfOrderness<{ readonly key: string; readonly n: number }>(100),
        'events',
        1,
      )
      .keyBy('key')
      .sortByEventTime({ type: types.row({ key: types.string, n: types.int }) })
      .uid('sort')
      .sinkTo(sink)
  })
  const shuffled = Array.from({ length: 60 }, (_, i) => (i % 10) * 6 + Math.floor(i / 10))
  const inBound = shuffled
    .map((_, i) => i)
    .sort((left, right) => left + ((left * 7) % 10) - (right + ((right * 7) % 10)))
  const events = inBound.map((n) => record({ key: n % 2 === 0 ? 'even' : 'odd', n }, n * 10))
  await job.feed(input, events.slice(0, 30))
  await job.checkpoints(2)
  const before = sink.records.length
  expect(before).toBeGreaterThan(5)
  expect(before).toBeLessThan(30)
  await job.kill()
  await job.feed(input, events.slice(30))
  input.end()
  await job.finish()
  for (const key of ['even', 'odd']) {
    const numbers = sink.records.filter((event) => event.key === key).map(({ n }) => n)
    expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right))
    expect(numbers).toHaveLength(30)
  }
})

test('PRO-12 a poll every two seconds emits changed rows only, and stops with the job', async () => {
  const table = new Map([
    [1, 'one'],
    [2, 'two'],
  ])
  let polls = 0
  const sink = new ArraySink<string>()
  let plan = ''
  const job = testJob((env) => {
    env.enableCheckpointing(500)
    const source = periodicSource(
      2_000,
      async () => {
        polls++
        return [...table].map(([id, name]) => ({ id, name }))
      },
      { key: (row) => row.id },
    )
    env
      .fromSource(source)
      .map(({ id, name }) => `${id} ${name}`)
      .sinkTo(sink)
    plan = env.explain()
  })
  await job.advance(1)
  expect(plan).toContain('Periodic Source (every 2000 ms)')
  await job.advance(999)
  expect(sink.records).toEqual(['1 one', '2 two'])
  expect(polls).toBe(1)
  table.set(2, 'deux')
  table.set(3, 'three')
  table.delete(1)
  await job.advance(2_000)
  expect(sink.records.splice(0)).toEqual(['1 one', '2 two', '2 deux', '3 three'])
  await job.checkpoints(2)
  table.set(1, 'one')
  await job.kill()
  await job.advance(1_500)
  expect(sink.records).toEqual(['1 one'])
  const canceled = job.client.cancel()
  await job.world.run({ maxVirtualMs: 1_000 })
  await canceled
  const atEnd = polls
  await job.world.run({ maxVirtualMs: 60_000 })
  expect(polls).toBe(atEnd)
})

test('PRO-13 a tail of 7 records leaves after the interval, and none is lost at a kill', async () => {
  const input = new ScriptedInput<number>()
  const sink = new ArraySink<number[]>()
  const job = testJob((env) => {
    env.enableCheckpointing(500)
    env
      .fromSource(scriptedSource(input), undefined, 'numbers', 1)
      .bufferAndFlush({ size: 10, intervalMs: 5_000, type: types.int })
      .uid('buffer')
      .sinkTo(sink)
  })
  const numbers = Array.from({ length: 27 }, (_, i) => i)
  await job.feed(
    input,
    numbers.map((n) => record(n)),
  )
  expect(sink.records.map((array) => array.length)).toEqual([10, 10])
  await job.checkpoints(2)
  await job.kill()
  expect(sink.records).toHaveLength(2)
  await job.advance(5_000)
  expect(sink.records.flat()).toEqual(numbers)
  job.stop()
})

test('PRO-13 what a checkpoint flushes is in the state of what follows', async () => {
  const input = new ScriptedInput<number>()
  const sink = new ArraySink<number>()
  const job = testJob((env) => {
    env.enableCheckpointing(2_000)
    env
      .fromSource(scriptedSource(input), undefined, 'numbers', 1)
      .bufferAndFlush({ size: 100, onCheckpoint: true, type: types.int })
      .uid('buffer')
      .map((array) => array.length)
      .keyBy(() => 'all')
      .sum()
      .uid('sum')
      .sinkTo(sink)
  })
  await job.feed(
    input,
    [1, 2, 3, 4, 5, 6, 7].map((n) => record(n)),
  )
  expect(sink.records).toEqual([])
  await job.checkpoints(1)
  await job.kill()
  await job.feed(
    input,
    [8, 9, 10].map((n) => record(n)),
  )
  await job.checkpoints(1)
  expect(sink.records.at(-1)).toBe(10)
  job.stop()
})

test('PRO-14 cumulative 5, 9, 4 gives 5, 4, 4 and a reset, also across a restart', async () => {
  const input = new ScriptedInput<number>()
  const sink = new ArraySink<string>()
  const job = testJob((env) => {
    env.enableCheckpointing(500)
    env
      .fromSource(scriptedSource(input), watermarks.monotonous<number>(), 'meter', 1)
      .keyBy(() => 'meter')
      .difference((value) => value)
      .uid('difference')
      .map((d) => `${d.difference}${d.isReset ? ' reset' : ''} ${d.ratePerSecond ?? '-'}`)
      .sinkTo(sink)
  })
  await job.feed(input, [record(5, 0), record(9, 2_000)])
  await job.checkpoints(2)
  await job.kill()
  await job.feed(input, [record(4, 4_000)])
  expect(sink.records).toEqual(['5 -', '4 2', '4 reset 2'])
  job.stop()
})

test('the ready-made operators work at parallelism above 1', async () => {
  const out = await runInSim((env) =>
    env
      .fromSequence(1, 1_000)
      .keyBy((n) => n % 7)
      .difference((n) => n)
      .bufferAndFlush({ size: 16 })
      .executeAndCollect(),
  )
  expect(out.flat()).toHaveLength(1_000)
})
