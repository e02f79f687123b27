import { expect, test } from 'vitest'
import {
  type JobClient,
  type OutputTag,
  outputTag,
  type StreamExecutionEnvironment,
  seconds,
  type TimeWindow,
  tumblingEventTimeWindows,
  tumblingProcessingTimeWindows,
  type WatermarkGenerator,
  type WatermarkStrategy,
  watermarks,
} from '../../src/index.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { record, type ScriptElement, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { pass, runInSim } from './run-in-sim.ts'

/** A watermark after every record: what fires is a function of the input alone. */
const perRecord = { 'pipeline.auto-watermark-interval': 0 }

interface Reading {
  readonly id: string
  readonly at: number
}

const byField = (strategy: WatermarkStrategy<Reading>): WatermarkStrategy<Reading> =>
  strategy.withTimestampAssigner(({ at }) => at)

/** Shows a window's bounds in seconds and what is in it, in alphabetical order. */
function shown(
  _: unknown,
  context: { readonly window: TimeWindow },
  elements: Iterable<Reading>,
  out: { collect(line: string): void },
): void {
  const { startMs, endMs } = context.window
  const ids = [...elements].map(({ id }) => id).sort()
  out.collect(`${startMs / 1_000}-${endMs / 1_000} ${ids.join('')}`)
}

const reading = (id: string, at: number): Reading => ({ id, at })
const unshuffled = [
  reading('a', 1_000),
  reading('b', 4_000),
  reading('c', 9_999),
  reading('d', 10_000),
  reading('e', 12_000),
  reading('f', 25_000),
]

async function windows(
  readings: readonly Reading[],
  strategy: WatermarkStrategy<Reading>,
): Promise<readonly string[]> {
  return runInSim(
    (env) =>
      env
        .fromCollection(readings)
        .assignTimestampsAndWatermarks(byField(strategy))
        .keyBy(() => 'all')
        .window(tumblingEventTimeWindows(seconds(10)))
        .process(shown)
        .executeAndCollect(),
    perRecord,
  )
}

test('TIM-01 input shuffled within the bound gives the windows of sorted input', async () => {
  const strategy = watermarks.boundedOutOfOrderness<Reading>(3_000)
  const expected = ['0-10 abc', '10-20 de', '20-30 f']
  expect(await windows(unshuffled, strategy)).toEqual(expected)
  const [a, b, c, d, e, f] = unshuffled as [Reading, Reading, Reading, Reading, Reading, Reading]
  expect(await windows([b, a, d, e, c, f], strategy)).toEqual(expected)
  expect(await windows([b, a, d, e, c, f], watermarks.monotonous())).not.toEqual(expected)
})

test('TIM-02 processing-time windows close on the clock, without any watermark', async () => {
  const input = new ScriptedInput<Reading>()
  const closed = new ArraySink<string>()
  const job = testJob((env) => {
    env
      .fromSource(scriptedSource(input))
      .keyBy(() => 0)
      .window(tumblingProcessingTimeWindows(seconds(10)))
      .process(shown)
      .map((line) => line.split(' ')[1] ?? '')
      .sinkTo(closed)
  })
  await job.feed(input, [record(reading('a', 0))])
  await job.feed(input, [record(reading('b', 0))])
  await job.advance(7_900)
  expect(closed.records).toEqual([])
  await job.advance(200)
  expect(closed.records).toEqual(['ab'])
  await job.feed(input, [record(reading('c', 0))])
  await job.advance(10_000)
  expect(closed.records).toEqual(['ab', 'c'])
  job.stop()
})

test('TIM-04 the assigner decides the window; a record without the field is named', async () => {
  const [first] = await windows([reading('a', 31_000)], watermarks.monotonous())
  expect(first).toBe('30-40 a')
  const broken = windows([{ id: 'no time' } as Reading], watermarks.monotonous())
  await expect(broken).rejects.toThrow(/timestamp assigner returned undefined.*no time/s)
})

/** Emits the present watermark whenever a record comes, and of every timer that fires. */
async function watermarksSeen(
  elements: readonly ScriptElement<string>[],
  strategy: WatermarkStrategy<string>,
): Promise<readonly string[]> {
  return runInSim(
    (env) =>
      env
        .fromSource(scriptedSource([elements]), strategy)
        .keyBy(() => 0)
        .process<string>({
          processElement: (word, { timerService }, out) =>
            out.collect(`${word} ${timerService.currentWatermark()}`),
        })
        .executeAndCollect(),
    perRecord,
  )
}

test('TIM-05 monotonous timestamps: the watermark is the highest timestamp less 1', async () => {
  const input = [record('a', 10), record('b', 30), record('c', 20), record('d', 40)]
  const seen = await watermarksSeen(input, watermarks.monotonous())
  expect(seen.slice(1)).toEqual(['b 9', 'c 29', 'd 29'])
})

test('TIM-06 bound 3 s: window [0, 10 000) fires once a record with timestamp >= 13 000 is seen', async () => {
  const input = new ScriptedInput<Reading>()
  const fired = new ArraySink<string>()
  const job = testJob(
    (env) => {
      env
        .fromSource(scriptedSource(input), watermarks.boundedOutOfOrderness<Reading>(3_000))
        .keyBy(() => 0)
        .window(tumblingEventTimeWindows(seconds(10)))
        .process(shown)
        .sinkTo(fired)
    },
    { settings: perRecord },
  )
  await job.feed(input, [record(reading('a', 0), 5_000), record(reading('b', 0), 12_999)])
  expect(fired.records).toEqual([])
  await job.feed(input, [record(reading('c', 0), 13_000)])
  expect(fired.records).toEqual(['0-10 a'])
  job.stop()
})

test('TIM-07, TIM-09 a periodic generator is asked at the auto interval; interval 0 asks per record', async () => {
  const run = async (intervalMs: number, records: number): Promise<number> => {
    const input = new ScriptedInput<string>()
    let calls = 0
    const generator = (): WatermarkGenerator<string> => ({
      onEvent: () => {},
      onPeriodicEmit: (output) => output.emitWatermark(100 * ++calls),
    })
    let seen = Number.NEGATIVE_INFINITY
    const job = testJob(
      (env) => {
        env
          .fromSource(scriptedSource(input), watermarks.generator(generator))
          .keyBy(() => 0)
          .process<string>({
            processElement: (_, { timerService }) => {
              seen = timerService.currentWatermark()
            },
          })
      },
      { settings: { 'pipeline.auto-watermark-interval': intervalMs } },
    )
    await job.advance(500)
    for (let n = 0; n < records; n++) job.world.after(n, () => input.feed([record('x', 1)]))
    await job.advance(9_600)
    const before = calls
    await job.feed(input, [record('y', 1)])
    if (intervalMs > 0) expect(seen).toBe(100 * before)
    job.stop()
    return before
  }
  expect(await run(1_000, 50)).toBe(10)
  expect(await run(200, 50)).toBe(50)
  expect(await run(0, 50)).toBe(50)
})

test('TIM-08 a marker record advances the watermark at once, others do not', async () => {
  const punctuated = (): WatermarkGenerator<string> => ({
    onEvent: (word, timestampMs, output) => {
      if (word === 'marker') output.emitWatermark(timestampMs)
    },
    onPeriodicEmit: () => {},
  })
  const input = [record('a', 10), record('marker', 15), record('b', 20), record('c', 30)]
  const seen = await watermarksSeen(input, watermarks.generator(punctuated))
  const lowest = seen[0]?.split(' ')[1]
  expect(seen).toEqual([`a ${lowest}`, `marker ${lowest}`, 'b 15', 'c 15'])
})

test('TIM-10 an operator takes the minimum over channels and unions', async () => {
  const slow = new ScriptedInput<string>()
  const fast = new ScriptedInput<string>()
  const seen: number[] = []
  const job = testJob(
    (env) => {
      const a = env.fromSource(scriptedSource(slow), watermarks.monotonous<string>())
      const b = env.fromSource(scriptedSource(fast), watermarks.monotonous<string>())
      a.union(b)
        .keyBy(() => 0)
        .process<string>({
          processElement: (_, { timerService }) => {
            for (let atMs = 1; atMs < 20; atMs++) timerService.registerEventTimeTimer(atMs)
          },
          onTimer: (timestampMs) => void seen.push(timestampMs),
        })
    },
    { settings: perRecord },
  )
  await job.feed(slow, [record('a', 6)])
  expect(seen).toEqual([])
  await job.feed(fast, [record('b', 10)])
  expect(seen).toEqual([1, 2, 3, 4, 5])
  await job.feed(slow, [record('a', 9)])
  expect(seen.at(-1)).toBe(8)
  await job.feed(slow, [record('a', 100)])
  expect(seen.at(-1)).toBe(9)
  job.stop()
})

test('TIM-10 the same over the subtasks of one source', async () => {
  const input = new ScriptedInput<string>(2)
  const fired = new ArraySink<string>()
  const job = testJob(
    (env) => {
      env
        .fromSource(scriptedSource(input), watermarks.monotonous<string>())
        .setParallelism(2)
        .map((word) => reading(word, 0))
        .setParallelism(2)
        .keyBy(() => 0)
        .window(tumblingEventTimeWindows(10))
        .process((_key, _context, elements, out) => out.collect([...elements].length))
        .map((count) => `${count}`)
        .sinkTo(fired)
    },
    { settings: perRecord },
  )
  await job.feed(input, [record('a', 1), record('a', 50)], 0)
  expect(fired.records).toEqual([])
  await job.feed(input, [record('b', 2), record('b', 9)], 1)
  expect(fired.records).toEqual([])
  await job.feed(input, [record('b', 10)], 1)
  expect(fired.records).toEqual(['3'])
  job.stop()
})

test('TIM-14 the end of bounded input fires all windows and event timers before FINISHED', async () => {
  const order: string[] = []
  const results = await runInSim(async (env) => {
    const source = scriptedSource([[record(reading('a', 0), 1), record(reading('b', 0), 99_999)]])
    const keyed = env.fromSource(source, watermarks.monotonous<Reading>()).keyBy(() => 0)
    keyed.process<string>({
      processElement: (_, { timerService }) => timerService.registerEventTimeTimer(1e12),
      onTimer: (timestampMs) => void order.push(`timer ${timestampMs}`),
    })
    const sink = new ArraySink<string>()
    keyed
      .window(tumblingEventTimeWindows(seconds(10)))
      .process(shown)
      .sinkTo(sink)
    const client = await env.executeAsync('bounded')
    await client.result()
    order.push(client.status())
    return sink.records
  })
  expect(results).toEqual(['0-10 a', '90-100 b'])
  expect(order).toEqual(['timer 1000000000000', 'FINISHED'])
})

const sumOf = (client: JobClient, metric: string): number =>
  client.metrics().reduce((sum, { values }) => sum + (values[metric] ?? 0), 0)

test('TIM-15 a record behind watermark and lateness is dropped and counted once', async () => {
  const late: OutputTag<Reading> = outputTag('late')
  const elements = [
    record(reading('a', 0), 5_000),
    record(reading('b', 0), 12_000),
    record(reading('out of order', 0), 11_000),
    record(reading('late', 0), 9_999),
  ]
  const run = (tag: OutputTag<Reading> | undefined) =>
    runInSim(async (env: StreamExecutionEnvironment, process) => {
      const lateOnes = new ArraySink<Reading>()
      const windowed = env
        .fromSource(scriptedSource([elements]), watermarks.monotonous<Reading>())
        .keyBy(() => 0)
        .window(tumblingEventTimeWindows(seconds(10)))
      const sums = (tag === undefined ? windowed : windowed.sideOutputLateData(tag)).process(shown)
      if (tag !== undefined) sums.getSideOutput(tag).sinkTo(lateOnes)
      const client = await env.executeAsync('late')
      await client.result()
      await pass(process, 1)
      const dropped = sumOf(client, 'numLateRecordsDropped')
      return { dropped, late: lateOnes.records.map(({ id }) => id) }
    }, perRecord)
  expect(await run(undefined)).toEqual({ dropped: 1, late: [] })
  expect(await run(late)).toEqual({ dropped: 0, late: ['late'] })
})
