import { expect, test } from 'vitest'
import {
  type AggregateFunction,
  countTrigger,
  type DataStream,
  eventTimeSessionWindows,
  globalWindows,
  hours,
  outputTag,
  type ProcessWindowContext,
  type StreamExecutionEnvironment,
  slidingEventTimeWindows,
  type TimeWindow,
  tumblingEventTimeWindows,
  tumblingProcessingTimeWindows,
  watermarks,
} from '../../src/index.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { record, type ScriptElement, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { runInSim } from './run-in-sim.ts'

interface Sale {
  readonly k: string
  readonly n: number
}

const sale = (k: string, n: number, atMs: number) => record<Sale>({ k, n }, atMs)
const perRecord = { 'pipeline.auto-watermark-interval': 0 }

/** Runs a pipeline over sales in event time. */
function over<R>(
  elements: readonly ScriptElement<Sale>[],
  pipeline: (sales: DataStream<Sale>) => DataStream<R>,
  boundMs = 0,
): Promise<R[]> {
  const strategy = watermarks.boundedOutOfOrderness<Sale>(boundMs)
  return runInSim(
    (env) => pipeline(env.fromSource(scriptedSource([elements]), strategy)).executeAndCollect(),
    perRecord,
  )
}

/** `key start-end sum`, in the unit of the timestamps. */
function shownSum(
  key: string,
  { window }: ProcessWindowContext<TimeWindow>,
  elements: Iterable<Sale>,
  out: { collect(line: string): void },
): void {
  const sum = [...elements].reduce((total, { n }) => total + n, 0)
  out.collect(`${key} ${window.startMs}-${window.endMs} ${sum}`)
}

const mean: AggregateFunction<Sale, { sum: number; count: number }, number> = {
  createAccumulator: () => ({ sum: 0, count: 0 }),
  add: ({ n }, { sum, count }) => ({ sum: sum + n, count: count + 1 }),
  getResult: ({ sum, count }) => sum / count,
  merge: (left, right) => ({ sum: left.sum + right.sum, count: left.count + right.count }),
}

test('WIN-01 tumbling windows in event time give the known sums', async () => {
  const sales = [sale('a', 1, 0), sale('a', 2, 9), sale('b', 5, 9), sale('a', 4, 10)]
  const sums = await over(sales, (stream) =>
    stream.keyBy('k').window(tumblingEventTimeWindows(10)).process(shownSum),
  )
  expect(sums.sort()).toEqual(['a 0-10 3', 'a 10-20 4', 'b 0-10 5'])
})

test('WIN-01 an offset of -8 h aligns days with UTC+8', async () => {
  const midnightInShanghai = Date.UTC(2026, 0, 1, 16)
  const sales = [
    sale('a', 1, midnightInShanghai - 1),
    sale('a', 2, midnightInShanghai),
    sale('a', 3, midnightInShanghai + hours(24) - 1),
  ]
  const days = tumblingEventTimeWindows(hours(24), { offsetMs: hours(-8) })
  const sums = await over(sales, (stream) => stream.keyBy('k').window(days).sum('n'))
  expect(sums.map(({ n }) => n)).toEqual([1, 5])
})

test('WIN-01 tumbling windows in processing time follow the clock', async () => {
  const input = new ScriptedInput<Sale>()
  const sums = new ArraySink<Sale>()
  const job = testJob((env) => {
    const sales = env.fromSource(scriptedSource(input)).keyBy('k')
    sales.window(tumblingProcessingTimeWindows(5_000)).sum('n').sinkTo(sums)
  })
  await job.feed(input, [sale('a', 1, Number.NaN), sale('a', 2, Number.NaN)])
  await job.advance(4_500)
  expect(sums.records).toEqual([{ k: 'a', n: 3 }])
  job.stop()
})

test('WIN-02 size 10, slide 5: each record counts in two windows', async () => {
  const sales = [sale('a', 1, 3), sale('a', 10, 7), sale('a', 100, 12)]
  const sums = await over(sales, (stream) =>
    stream.keyBy('k').window(slidingEventTimeWindows(10, 5)).process(shownSum),
  )
  expect(sums).toEqual(['a -5-5 1', 'a 0-10 11', 'a 5-15 110', 'a 10-20 100'])
})

test('WIN-03 sessions: a late record bridges two, keys are apart', async () => {
  const sales = [
    sale('a', 1, 0),
    sale('a', 2, 15_000),
    sale('b', 5, 15_000),
    sale('a', 4, 8_000),
    sale('a', 8, 60_000),
  ]
  const sessions = (elements: readonly ScriptElement<Sale>[]): Promise<string[]> =>
    over(
      elements,
      (stream) => stream.keyBy('k').window(eventTimeSessionWindows(10_000)).process(shownSum),
      20_000,
    )
  expect((await sessions(sales)).sort()).toEqual([
    'a 0-25000 7',
    'a 60000-70000 8',
    'b 15000-25000 5',
  ])
  const unbridged = sales.filter((_, index) => index !== 3)
  expect((await sessions(unbridged)).slice(0, 2)).toEqual(['a 0-10000 1', 'a 15000-25000 2'])
})

test('WIN-05 global windows fire by their trigger only', async () => {
  const sales = [1, 2, 3, 4, 5, 6, 7].map((n) => sale('a', n, n))
  const windowed = (stream: DataStream<Sale>) => stream.keyBy('k').window(globalWindows())
  expect(await over(sales, (stream) => windowed(stream).sum('n'))).toEqual([])
  const thirds = await over(sales, (stream) =>
    windowed(stream)
      .trigger(countTrigger(3))
      .sum('n')
      .map(({ n }) => n),
  )
  expect(thirds).toEqual([6, 21])
})

test('DST-08, WIN-12 an aggregate over tumbling and over session windows equals a reference', async () => {
  const sales = [sale('a', 1, 1), sale('a', 3, 2), sale('a', 8, 11), sale('a', 4, 12)]
  const tumbling = await over(sales, (stream) =>
    stream.keyBy('k').window(tumblingEventTimeWindows(10)).aggregate(mean),
  )
  expect(tumbling).toEqual([2, 6])
  // The record at 6 comes last and merges two sessions, and with them their accumulators.
  const bridged = [...sales, sale('a', 9, 6)]
  const sessions = await over(
    bridged,
    (stream) => stream.keyBy('k').window(eventTimeSessionWindows(6)).aggregate(mean),
    20,
  )
  expect(sessions).toEqual([(1 + 3 + 8 + 4 + 9) / 5])
})

test('WIN-12 an incremental window keeps one accumulator, however many records there are', async () => {
  const sizeWith = async (records: number, incremental: boolean): Promise<number> => {
    const input = new ScriptedInput<Sale>()
    const job = testJob((env: StreamExecutionEnvironment) => {
      env.enableCheckpointing(1_000)
      const windowed = env
        .fromSource(scriptedSource(input), watermarks.monotonous<Sale>())
        .keyBy('k')
        .window(tumblingEventTimeWindows(1_000_000))
      if (incremental) windowed.aggregate(mean).sinkTo(new ArraySink())
      else windowed.process(shownSum).sinkTo(new ArraySink())
    })
    await job.feed(
      input,
      Array.from({ length: records }, (_, n) => sale('a', n % 10, n)),
    )
    await job.checkpoints(2)
    job.stop()
    return job.client.checkpoints().at(-1)?.sizeBytes ?? 0
  }
  expect(await sizeWith(2_000, true)).toBeLessThan((await sizeWith(1, true)) + 100)
  expect(await sizeWith(2_000, false)).toBeGreaterThan((await sizeWith(1, false)) + 10_000)
})

test('WIN-13 a process window function sees window, watermark and side output, alone and combined', async () => {
  const tag = outputTag<string>('facts')
  const sales = [sale('a', 1, 1), sale('a', 2, 5), sale('a', 4, 25)]
  const facts = new ArraySink<string>()
  const results = await over(sales, (stream) => {
    const sums = stream
      .keyBy('k')
      .window(tumblingEventTimeWindows(10))
      .reduce(
        (left, right) => ({ k: left.k, n: left.n + right.n }),
        (key, context, elements, out) => {
          const { window, currentWatermarkMs } = context
          context.output(tag, `${window.startMs}-${window.endMs} ${currentWatermarkMs}`)
          out.collect(`${key} ${[...elements].map(({ n }) => n).join()}`)
        },
      )
    sums.getSideOutput(tag).sinkTo(facts)
    return sums
  })
  expect(results).toEqual(['a 3', 'a 4'])
  expect(facts.records[0]).toBe('0-10 24')
  const alone = await over(sales, (stream) =>
    stream
      .keyBy('k')
      .window(tumblingEventTimeWindows(10))
      .process((_key, _context, elements, out) => out.collect([...elements].length)),
  )
  expect(alone).toEqual([2, 1])
})

test('WIN-16 a window fires once, when its last timestamp is at or behind the watermark', async () => {
  const input = new ScriptedInput<Sale>()
  const fired = new ArraySink<Sale>()
  const job = testJob(
    (env) => {
      env
        .fromSource(scriptedSource(input), watermarks.monotonous<Sale>())
        .keyBy('k')
        .window(tumblingEventTimeWindows(10))
        .sum('n')
        .sinkTo(fired)
    },
    { settings: perRecord },
  )
  await job.feed(input, [sale('a', 1, 9)])
  expect(fired.records).toEqual([])
  await job.feed(input, [sale('a', 2, 10)]) // the watermark is 9: the last timestamp of [0, 10)
  expect(fired.records).toEqual([{ k: 'a', n: 1 }])
  await job.feed(input, [sale('a', 2, 15), sale('a', 4, 5)])
  expect(fired.records).toHaveLength(1)
  job.stop()
})

test('WIN-23, WIN-24 late within lateness fires a correction; beyond it goes to the late output', async () => {
  const tag = outputTag<Sale>('late')
  const lateOnes = new ArraySink<Sale>()
  const sales = [
    sale('a', 1, 5),
    sale('a', 2, 12), // the watermark is 11: [0, 10) fires
    sale('a', 4, 9), // late, within lateness: fires again
    sale('a', 8, 16), // the watermark is 15: [0, 10) is over for good
    sale('a', 16, 9), // too late
    sale('b', 32, 3), // too late
  ]
  const sums = await over(sales, (stream) => {
    const results = stream
      .keyBy('k')
      .window(tumblingEventTimeWindows(10))
      .allowedLateness(5)
      .sideOutputLateData(tag)
      .process(shownSum)
    results.getSideOutput(tag).sinkTo(lateOnes)
    return results
  })
  expect(sums).toEqual(['a 0-10 1', 'a 0-10 5', 'a 10-20 10'])
  expect(lateOnes.records.map(({ n }) => n)).toEqual([16, 32])
})
