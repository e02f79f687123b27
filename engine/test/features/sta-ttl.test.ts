import { expect, test } from 'vitest'
import {
  type Collector,
  hours,
  type KeyedProcessContext,
  minutes,
  type OnTimerContext,
  type RuntimeContext,
  type StateTtl,
  stateTtl,
  types,
  type ValueState,
  valueState,
  watermarks,
} from '../../src/index.ts'
import { keyedProcessOperator } from '../../src/operator/process/keyed-process-operator.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { operatorHarness } from '../../src/testing/operator-harness.ts'
import { runInAllModes } from '../../src/testing/run-in-all-modes.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { runInSim } from './run-in-sim.ts'

/** Emits how often a word was seen since its count was forgotten. */
class CountWithTtl {
  private readonly ttl: StateTtl<number>
  private count!: ValueState<number>

  constructor(ttl: StateTtl<number>) {
    this.ttl = ttl
  }

  open(context: RuntimeContext): void {
    this.count = context.getState(valueState('count', { type: types.int, ttl: this.ttl }))
  }

  processElement(word: string, _ctx: KeyedProcessContext<string>, out: Collector<string>): void {
    if (word.endsWith('?')) {
      out.collect(`${word}${this.count.value() ?? 'null'}`)
      return
    }
    const count = (this.count.value() ?? 0) + 1
    this.count.update(count)
    out.collect(`${word}${count}`)
  }
}

const keyOf = (word: string): string => word.replace('?', '')

test('STA-11 after its time a value reads as null, in every mode, across restores', () => {
  const ttl = stateTtl<number>({ ttlMs: minutes(1) })
  const operator = keyedProcessOperator<string, string, string>(new CountWithTtl(ttl), keyOf)
  const end = runInAllModes<string, string>({ operator, keyBy: keyOf, leavesState: true }, (h) => {
    h.process(['a', 'a', 'b'])
    h.advanceProcessingTime(minutes(1) - 1)
    h.process(['a?', 'b'])
    h.advanceProcessingTime(minutes(1))
    h.process(['a?', 'b?'])
    h.advanceProcessingTime(minutes(2))
    h.process(['a?', 'b?', 'a'])
  })
  expect(end.output.join(' ')).toBe('a1 a2 b1 a?2 b2 a?null b?2 a?null b?null a1')
})

test('STA-11 touching extends a life only in the read mode', () => {
  const seen = (['on-create-and-write', 'on-read-and-write'] as const).map((update) => {
    const ttl = stateTtl<number>({ ttlMs: 100, update })
    const operator = keyedProcessOperator<string, string, string>(new CountWithTtl(ttl), keyOf)
    const harness = operatorHarness<string, string>({ operator, keyBy: keyOf, modes: ['plain'] })
    harness.process(['a'])
    for (let nowMs = 60; nowMs <= 300; nowMs += 60) {
      harness.advanceProcessingTime(nowMs)
      harness.process(['a?'])
    }
    harness.close()
    return harness.output.join(' ')
  })
  expect(seen).toEqual(['a1 a?1 a?null a?null a?null a?null', 'a1 a?1 a?1 a?1 a?1 a?1'])
})

test('STA-11 snapshots and the heap do not keep what is expired', async () => {
  const input = new ScriptedInput<string>()
  const job = testJob((env) => {
    env.enableCheckpointing(1_000)
    env
      .fromSource(scriptedSource(input))
      .keyBy(keyOf)
      .process(new CountWithTtl(stateTtl({ ttlMs: 5_000 })))
      .uid('count')
      .sinkTo(new ArraySink())
  })
  const sizeOf = () =>
    Math.max(
      ...job.client
        .checkpoints()
        .slice(-1)
        .map((each) => each.sizeBytes ?? 0),
    )
  await job.feed(
    input,
    Array.from({ length: 2_000 }, (_, i) => record(`word-${i}`)),
  )
  await job.checkpoints(2)
  const full = sizeOf()
  await job.advance(6_000)
  await job.checkpoints(2)
  expect(full).toBeGreaterThan(40_000)
  expect(sizeOf()).toBeLessThan(full / 20)
  job.stop()
})

test('STA-12 a day replayed in an instant: expiry follows the watermark', async () => {
  const ttl = stateTtl<number>({ ttlMs: hours(2), time: 'event' })
  const times: [string, number][] = [
    ['a', 0],
    ['a', 1],
    ['b', 2],
    ['a?', 2.5],
    ['c', 3.5], // the watermark passes 3 h: a, written at 1 h, is gone
    ['a?', 4],
    ['b?', 4.2], // the watermark is not at 4 h yet
    ['b?', 5],
    ['b', 20],
    ['b?', 21.9],
    ['c', 22.5],
    ['b?', 23],
  ]
  const script = times.map(([word, atHour]) => record(word, hours(atHour)))
  const out = await runInSim((env) =>
    env
      .fromSource(scriptedSource([script]), watermarks.monotonous<string>().emitEvery(1))
      .keyBy(keyOf)
      .process(new CountWithTtl(ttl))
      .executeAndCollect(),
  )
  expect(out.join(' ')).toBe('a1 a2 b1 a?2 c1 a?null b?1 b?null b1 b?1 c1 b?null')
})

test('STA-13 a handler is called once per expired entry, also through kills', async () => {
  const input = new ScriptedInput<string>()
  const told: string[] = []
  const job = testJob((env) => {
    env.enableCheckpointing(500)
    const onExpire = (key: unknown, value: number): void => {
      told.push(`${key} ${value}`)
    }
    env
      .fromSource(scriptedSource(input))
      .keyBy(keyOf)
      .process(new CountWithTtl(stateTtl({ ttlMs: 10_000, onExpire })))
      .uid('count')
      .sinkTo(new ArraySink())
  })
  await job.feed(
    input,
    ['a', 'b', 'a'].map((word) => record(word)),
  )
  await job.advance(4_000)
  await job.feed(input, [record('b')])
  await job.checkpoints(1)
  await job.kill()
  expect(told).toEqual([])
  await job.advance(6_000)
  expect(told).toEqual(['a 2'])
  await job.checkpoints(1)
  await job.kill()
  await job.advance(20_000)
  expect(told).toEqual(['a 2', 'b 2'])
  job.stop()
})

test('STA-14 state that its own timer cleans up returns to nothing', () => {
  /** Remembers a session and forgets it a minute after its last record. */
  class Sessions {
    private last!: ValueState<number>
    private count!: ValueState<number>
    open(context: RuntimeContext): void {
      this.last = context.getState(valueState('last', { type: types.number }))
      this.count = context.getState(valueState('count', { type: types.int }))
    }
    processElement(_word: string, ctx: KeyedProcessContext<string>): void {
      const before = this.last.value()
      if (before !== undefined) ctx.timerService.deleteEventTimeTimer(before + minutes(1))
      this.last.update(ctx.timestamp())
      this.count.update((this.count.value() ?? 0) + 1)
      ctx.timerService.registerEventTimeTimer(ctx.timestamp() + minutes(1))
    }
    onTimer(_atMs: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
      out.collect(`${ctx.currentKey} ${this.count.value()}`)
      this.last.clear()
      this.count.clear()
    }
  }
  const operator = keyedProcessOperator<string, string, string>(new Sessions(), keyOf)
  const end = runInAllModes<string, string>({ operator, keyBy: keyOf }, (harness) => {
    harness.process(['a', 'b'], 0)
    harness.process(['a'], 30_000)
    harness.watermark(59_999)
    expect(harness.stateEntries).toBe(4)
    harness.watermark(60_000)
    harness.process(['c'], 70_000)
    harness.watermark(89_999)
    expect(harness.output).toEqual(['b 1'])
    harness.watermark(130_000)
  })
  expect(end.output).toEqual(['b 1', 'a 2', 'c 1'])
  expect([end.stateEntries, end.timers]).toEqual([0, 0])
})

class Money {
  readonly cents: number
  constructor(cents: number) {
    this.cents = cents
  }
  plus(other: Money): Money {
    return new Money(this.cents + other.cents)
  }
  get text(): string {
    return (this.cents / 100).toFixed(2)
  }
}

const MONEY = types.custom<Money>({
  name: 'money',
  version: 1,
  accepts: (value) => value instanceof Money,
  serialize: (money, output) => output.f64(money.cents),
  deserialize: (input) => new Money(input.f64()),
})

/** Adds up money; the state is a class instance inside of plain data, of no declared type. */
class Balance {
  private state!: ValueState<{ readonly total: Money; readonly payments: readonly Money[] }>
  open(context: RuntimeContext): void {
    this.state = context.getState(valueState('balance'))
  }
  processElement(cents: number, _ctx: KeyedProcessContext<string>, out: Collector<string>): void {
    const before = this.state.value() ?? { total: new Money(0), payments: [] }
    const payment = new Money(cents)
    const total = before.total.plus(payment)
    const payments = [...before.payments, payment]
    this.state.update({ total, payments })
    out.collect(`${total.text} of ${payments.map((each) => each.text).join('+')}`)
  }
}

test('STA-19 instances of a registered class restore with their methods', async () => {
  const input = new ScriptedInput<number>()
  const sink = new ArraySink<string>()
  const job = testJob((env) => {
    env.registerType(Money, MONEY)
    env.enableCheckpointing(500)
    env
      .fromSource(scriptedSource(input))
      .keyBy(() => 'all')
      .process(new Balance())
      .uid('balance')
      .sinkTo(sink)
  })
  await job.feed(input, [record(150), record(250)])
  await job.checkpoints(2)
  await job.kill()
  await job.feed(input, [record(100)])
  expect(sink.records.at(-1)).toBe('5.00 of 1.50+2.50+1.00')
  job.stop()
})
