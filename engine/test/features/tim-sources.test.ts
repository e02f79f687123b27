import { expect, test } from 'vitest'
import {
  hours,
  outputTag,
  type StreamExecutionEnvironment,
  tumblingEventTimeWindows,
  type WatermarkStrategy,
  watermarks,
} from '../../src/index.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { SimHost } from './run-in-sim.ts'

const at = (value: string, timestampMs: number) => record(value, timestampMs)

/** Counts the records of windows of ten seconds of event time. */
function countWindows(
  env: StreamExecutionEnvironment,
  input: ScriptedInput<string>,
  strategy: WatermarkStrategy<string>,
  parallelism: number,
): ArraySink<string> {
  const sink = new ArraySink<string>()
  env
    .fromSource(scriptedSource(input), strategy, 'input', parallelism)
    .keyBy(() => 'all')
    .window(tumblingEventTimeWindows(10_000))
    .process<string>((_key, { window }, records, out) =>
      out.collect(`${window.startMs} ${[...records].length}`),
    )
    .sinkTo(sink)
  return sink
}

// One split is silent: with parallelism 2 it is alone in its subtask, with 1 it has company.
test.each([1, 2])(
  'TIM-11 a silent partition: with idleness windows fire, without they wait (parallelism %i)',
  async (parallelism) => {
    const run = async (strategy: WatermarkStrategy<string>) => {
      const input = new ScriptedInput<string>(2)
      let sink!: ArraySink<string>
      const job = testJob((env) => {
        sink = countWindows(env, input, strategy, parallelism)
      })
      await job.feed(input, [at('a', 1_000), at('b', 2_000)], 0)
      await job.feed(input, [at('c', 3_000)], 1)
      await job.feed(input, [at('d', 25_000)], 0)
      await job.advance(5_000)
      // Split 0 goes on; split 1 comes back, having missed windows, and counts from then on.
      await job.feed(input, [at('e', 41_000)], 0)
      const whileSilent = [...sink.records]
      await job.feed(input, [at('f', 45_000)], 1)
      await job.feed(input, [at('g', 61_000)], 1)
      const metrics = job.client
        .metrics()
        .filter(({ operatorName }) => operatorName === 'input')
        .map(({ values }) => values.numIdleRecoveries ?? 0)
      job.stop()
      return { whileSilent, end: sink.records, recoveries: metrics.reduce((a, b) => a + b, 0) }
    }
    const strategy = watermarks.monotonous<string>()
    const waiting = await run(strategy)
    expect(waiting.whileSilent).toEqual([])
    expect(waiting.recoveries).toBe(0)
    const idle = await run(strategy.withIdleness(2_000))
    expect(idle.whileSilent).toEqual(['0 3', '20000 1'])
    // Split 0 has fallen silent meanwhile: nobody waits for it.
    expect(idle.end).toEqual(['0 3', '20000 1', '40000 2'])
    expect(idle.recoveries).toBeGreaterThan(0)
  },
)

test('TIM-11 idleness in the middle of a job', async () => {
  const input = new ScriptedInput<string>(2)
  const sink = new ArraySink<string>()
  const job = testJob((env) => {
    env
      .fromSource(scriptedSource(input), watermarks.none<string>(), 'input', 2)
      .assignTimestampsAndWatermarks(watermarks.monotonous<string>().withIdleness(1_000))
      .setParallelism(2)
      .keyBy(() => 'all')
      .window(tumblingEventTimeWindows(10_000))
      .process<string>((_key, { window }, _records, out) => out.collect(`${window.startMs}`))
      .sinkTo(sink)
  })
  await job.feed(input, [at('a', 1_000), at('b', 12_000)], 0)
  expect(sink.records).toEqual([])
  await job.advance(1_000)
  expect(sink.records).toEqual(['0'])
  job.stop()
})

test('TIM-12 a fast source waits for the slow one, and the difference stays within the drift', async () => {
  const run = async (strategy: WatermarkStrategy<string>) => {
    const fast = new ScriptedInput<string>()
    const slow = new ScriptedInput<string>()
    const sink = new ArraySink<string>()
    const job = testJob((env) => {
      const left = env.fromSource(scriptedSource(fast), strategy, 'fast', 1)
      const right = env.fromSource(scriptedSource(slow), strategy, 'slow', 1)
      left.union(right).sinkTo(sink)
    })
    const ahead = () => {
      const newest = (name: string) =>
        Math.max(0, ...sink.timed.filter((r) => r.value === name).map((r) => r.timestampMs))
      return newest('fast') - newest('slow')
    }
    await job.feed(slow, [at('slow', 1)])
    await job.feed(fast, [at('fast', 1)])
    let most = 0
    for (let step = 1; step <= 20; step++) {
      const startMs = (step - 1) * 2_000
      const records = Array.from({ length: 20 }, (_, i) => at('fast', startMs + 100 * (i + 1)))
      await job.feed(fast, records)
      await job.feed(slow, [at('slow', step * 500)])
      most = Math.max(most, ahead())
    }
    slow.end()
    fast.end()
    await job.finish()
    return { most, count: sink.records.length }
  }
  const free = watermarks.monotonous<string>()
  const alone = await run(free)
  const aligned = await run(free.withWatermarkAlignment('both', 3_000, 200))
  expect(alone).toEqual({ most: 30_000, count: 422 })
  // What one feed brings (2 s) is read at once; nothing is lost, and nobody waits for the ended.
  expect(aligned.count).toBe(422)
  expect(aligned.most).toBeLessThanOrEqual(3_000 + 2_000)
})

test('TIM-12 a source that is idle or has ended is not waited for', async () => {
  const fast = new ScriptedInput<string>()
  const silent = new ScriptedInput<string>()
  const sink = new ArraySink<string>()
  const strategy = watermarks
    .monotonous<string>()
    .withIdleness(1_000)
    .withWatermarkAlignment('both', 1_000, 100)
  const job = testJob((env) => {
    const left = env.fromSource(scriptedSource(fast), strategy, 'fast', 1)
    left.union(env.fromSource(scriptedSource(silent), strategy, 'silent', 1)).sinkTo(sink)
  })
  await job.feed(fast, [at('a', 1_000)])
  await job.advance(2_000)
  await job.feed(fast, [at('b', 50_000)])
  await job.feed(fast, [at('c', 90_000)])
  expect(sink.records).toEqual(['a', 'b', 'c'])
  job.stop()
})

test('TIM-13 two partitions in order but an hour apart, in one subtask: no late record', async () => {
  const hour = hours(1)
  const input = new ScriptedInput<string>(2)
  const sinks: ArraySink<string>[] = []
  const job = testJob((env) => {
    env.enableCheckpointing(500)
    sinks.push(countWindows(env, input, watermarks.monotonous<string>(), 1))
  })
  for (let i = 0; i < 30; i++) {
    const offsetMs = i * 1_000
    input.feed([at('early', offsetMs)], 0)
    input.feed([at('late', offsetMs + hour)], 1)
    if (i === 15) {
      await job.checkpoints(1)
      await job.kill()
    }
  }
  input.end()
  await job.finish()
  const values = job.client.metrics().flatMap((m) => Object.entries(m.values))
  const dropped = values.filter(([name]) => name === 'numLateRecordsDropped')
  expect(dropped.reduce((sum, [, count]) => sum + count, 0)).toBe(0)
  const windows = new Set(sinks.flatMap((sink) => sink.records))
  for (const startMs of [0, 10_000, 20_000, hour, hour + 10_000, hour + 20_000]) {
    expect(windows).toContain(`${startMs} 10`)
  }
})

test('TIM-16 a record dated tomorrow moves no watermark and goes to a side output', async () => {
  const tag = outputTag<string>('too far ahead')
  const host = new SimHost()
  const side = new ArraySink<string>()
  const metrics: number[] = []
  const windows = await host.run(async (env, process) => {
    const nowMs = process.env.clock.nowMs()
    const times = [0, 86_400_000, 5_000, 12_000]
    const script = times.map((offsetMs) => at(`${offsetMs}`, nowMs + offsetMs))
    const strategy = watermarks
      .monotonous<string>()
      .emitEvery(1)
      .withMaxForwardJump(60_000, { tag })
    const stream = env.fromSource(scriptedSource([script]), strategy, 'source', 1)
    stream.getSideOutput(tag).sinkTo(side)
    const out = new ArraySink<string>()
    stream
      .process<string>({
        processElement: (value, ctx, out) =>
          out.collect(
            `${value} after ${Math.max(-1, ctx.timerService.currentWatermark() - nowMs)}`,
          ),
      })
      .sinkTo(out)
    const client = await env.executeAsync()
    await client.result()
    for (const { values } of client.metrics()) metrics.push(values.numRecordsTooFarAhead ?? 0)
    return out.records
  })
  expect(windows).toHaveLength(3)
  expect(side.records).toEqual(['86400000'])
  expect(metrics.reduce((a, b) => a + b, 0)).toBe(1)
})

test('TIM-17 seconds in place of milliseconds are warned of once, by operator and field', async () => {
  interface Order {
    readonly orderTime: number
  }
  const host = new SimHost()
  await host.run(async (env, process) => {
    const seconds = Math.floor(process.env.clock.nowMs() / 1_000)
    const strategy = watermarks
      .monotonous<Order>()
      .withTimestampAssigner((order) => order.orderTime)
    const orders = Array.from({ length: 5 }, (_, i) => ({ orderTime: seconds + i }))
    const source = scriptedSource([orders.map((order) => record(order))])
    return env.fromSource(source, strategy, 'orders', 1).executeAndCollect()
  })
  const warnings = host.warnings.filter((warning) => warning.includes('1970'))
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/operator 'orders'.*order\.orderTime.*seconds.*by 1000/)
})

test('TIM-19 watermarks are kept across process, side output, union and connect', async () => {
  const left = new ScriptedInput<string>()
  const right = new ScriptedInput<string>()
  const tag = outputTag<string>('copy')
  const strategy = watermarks.monotonous<string>().emitEvery(1)
  const job = testJob((env) => {
    env.disableOperatorChaining()
    const a = env.fromSource(scriptedSource(left), strategy, 'a', 1)
    const b = env.fromSource(scriptedSource(right), strategy, 'b', 1)
    const copied = a
      .process<string>({
        processElement(value, ctx, out) {
          ctx.output(tag, value)
          out.collect(value)
        },
      })
      .name('copy')
    copied
      .map((value) => value)
      .name('after process')
      .sinkTo(new ArraySink())
    copied
      .getSideOutput(tag)
      .map((value) => value)
      .name('after side output')
      .sinkTo(new ArraySink())
    copied
      .union(b)
      .map((value) => value)
      .name('after union')
      .sinkTo(new ArraySink())
    copied
      .connect(b)
      .map({ map1: (value) => value, map2: (value) => value })
      .name('connect')
      .map((value) => value)
      .name('after connect')
      .sinkTo(new ArraySink())
    copied
      .keyBy((value) => value)
      .sortByEventTime()
      .bufferAndFlush({ size: 1 })
      .map((values) => values.length)
      .name('after sort and buffer')
      .sinkTo(new ArraySink())
  })
  const watermarkOf = (name: string): number | undefined =>
    job.client.metrics().find((m) => m.operatorName === name)?.values.currentInputWatermark
  const seen = () =>
    ['process', 'side output', 'union', 'connect', 'sort and buffer'].map((name) =>
      Math.max(-1, watermarkOf(`after ${name}`) ?? Number.NaN),
    )
  await job.feed(left, [at('x', 10)])
  expect(seen()).toEqual([9, 9, -1, -1, 9])
  await job.feed(right, [at('y', 6)])
  expect(seen()).toEqual([9, 9, 5, 5, 9])
  await job.feed(right, [at('y', 31)])
  expect(seen()).toEqual([9, 9, 9, 9, 9])
  await job.feed(left, [at('x', 21)])
  expect(seen()).toEqual([20, 20, 20, 20, 20])
  job.stop()
})
