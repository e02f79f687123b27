import { describe, expect, test } from 'vitest'
import {
  calendarEventTimeWindows,
  continuousEventTimeTrigger,
  countEvictor,
  countOrTimeTrigger,
  countTrigger,
  cumulativeEventTimeWindows,
  type DataStream,
  distinctCount,
  dynamicEventTimeSessionWindows,
  eventTimeSessionWindows,
  globalWindows,
  hours,
  minutes,
  outputTag,
  type ProcessWindow,
  START_END_CODEC,
  type StreamExecutionEnvironment,
  seconds,
  slidingEventTimeWindows,
  TimeWindow,
  tumblingEventTimeWindows,
  types,
  valueState,
  type WindowAssigner,
  type WindowChange,
  type WindowMerge,
  watermarks,
} from '../../src/index.ts'
import { record, type ScriptElement, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { pass, runInSim, SimHost } from './run-in-sim.ts'

interface Sale {
  readonly k: string
  readonly n: number
}

const sale = (k: string, n: number, atMs: number) => record<Sale>({ k, n }, atMs)
const perRecord = { 'pipeline.auto-watermark-interval': 0 }

/** Runs a pipeline over sales in event time. */
function over<R>(
  elements: readonly ScriptElement<Sale>[],
  pipeline: (sales: DataStream<Sale>, env: StreamExecutionEnvironment) => DataStream<R>,
  boundMs = 0,
): Promise<R[]> {
  const strategy = watermarks.boundedOutOfOrderness<Sale>(boundMs)
  return runInSim(
    (env) =>
      pipeline(env.fromSource(scriptedSource([elements]), strategy), env).executeAndCollect(),
    perRecord,
  )
}

const total: ProcessWindow<Sale, string, string | null, TimeWindow> = (key, { window }, all, out) =>
  out.collect(`${key} ${window} ${[...all].reduce((sum, { n }) => sum + n, 0)}`)

const amounts = (list: readonly Sale[]): readonly number[] => list.map(({ n }) => n)

test('WIN-04 the gap of a record decides what merges', async () => {
  const elements = [sale('a', 20, 0), sale('a', 5, 15), sale('a', 5, 21)]
  const out = await over(elements, (sales) =>
    sales
      .keyBy('k')
      .window(dynamicEventTimeSessionWindows((one: Sale) => one.n))
      .process(total),
  )
  expect(out).toEqual(['a [0, 20) 25', 'a [21, 26) 5'])
})

describe('WIN-06 count windows', () => {
  const elements = [1, 2, 3, 4, 5, 6, 7].map((n) => sale('a', n, n))

  test('of three give each third result; the rest waits', async () => {
    const out = await over(elements, (sales) => sales.keyBy('k').countWindow(3).sum('n'))
    expect(amounts(out)).toEqual([6, 15])
  })

  test('countWindow(3, 1) gives the rolling last three', async () => {
    const out = await over(elements, (sales) => sales.keyBy('k').countWindow(3, 1).sum('n'))
    expect(amounts(out)).toEqual([1, 3, 6, 9, 12, 15, 18])
  })

  test('over all keys', async () => {
    const mixed = [1, 2, 3, 4, 5, 6, 7].map((n) => sale(`k${n % 3}`, n, n))
    const out = await over(mixed, (sales) => sales.countWindowAll(2).sum('n'))
    expect(amounts(out)).toEqual([3, 7, 11])
  })
})

describe('WIN-07 windowAll', () => {
  const elements = [sale('a', 1, 1), sale('b', 2, 2), sale('c', 4, 12)]

  test('totals over all keys, in one subtask, and the plan says why', async () => {
    let plan: ReturnType<StreamExecutionEnvironment['explainJson']> | undefined
    const out = await runInSim((env) => {
      env.setParallelism(3)
      const all = env
        .fromSource(scriptedSource([elements]), watermarks.boundedOutOfOrderness<Sale>(0))
        .windowAll(tumblingEventTimeWindows(10))
        .process(total)
      plan = env.explainJson()
      return all.executeAndCollect()
    }, perRecord)
    expect(out).toEqual(['null [0, 10) 3', 'null [10, 20) 4'])
    const operator = plan?.operators.find(({ name }) => name === 'Window Process')
    expect(operator?.parallelism).toBe(1)
    expect(operator?.description).toMatch(/one subtask/)
  })

  test('more parallelism is refused with the reason', async () => {
    const run = over(elements, (sales) =>
      sales.windowAll(tumblingEventTimeWindows(10)).sum('n').setParallelism(2),
    )
    await expect(run).rejects.toThrow(/see them all/)
  })
})

test('WIN-08 a day by the hour gives 24 growing totals', async () => {
  const elements = Array.from({ length: 24 }, (_, i) => sale('a', 1, i * hours(1) + 5))
  const out = await over(elements, (sales) =>
    sales
      .keyBy('k')
      .window(cumulativeEventTimeWindows(hours(24), hours(1)))
      .sum('n'),
  )
  expect(amounts(out)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1))
})

test("WIN-10 an assigner of one's own, by calendar month", async () => {
  const monthly: WindowAssigner<unknown, TimeWindow> = {
    isEventTime: true,
    codec: START_END_CODEC,
    assignWindows: (_value, timestampMs) => {
      const at = new Date(timestampMs)
      const start = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1)
      return [new TimeWindow(start, Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))]
    },
    defaultTrigger: () => tumblingEventTimeWindows(1).defaultTrigger(),
  }
  const days = [0, 31, 59, 90].map((day) => sale('a', 1, Date.UTC(2023, 0, 1 + day)))
  const lengths = await over(days, (sales) =>
    sales
      .keyBy('k')
      .window(monthly)
      .process<number>((_key, { window }, _all, out) =>
        out.collect((window.endMs - window.startMs) / hours(24)),
      ),
  )
  expect(lengths).toEqual([31, 28, 31, 30])
})

test('WIN-11 the day on which clocks change has 23 hours', async () => {
  const at = (text: string): number => Date.parse(`${text}Z`)
  const elements = [
    sale('a', 1, at('2024-03-30T23:00')),
    sale('a', 2, at('2024-03-31T21:59')),
    sale('a', 4, at('2024-03-31T22:00')),
  ]
  const out = await over(elements, (sales) =>
    sales
      .keyBy('k')
      .window(calendarEventTimeWindows({ unit: 'day', timeZone: 'Europe/Berlin' }))
      .process<string>((_key, { window }, all, out) =>
        out.collect(`${(window.endMs - window.startMs) / hours(1)} h: ${amounts([...all])}`),
      ),
  )
  expect(out).toEqual(['23 h: 1,2', '24 h: 4'])
})

test('WIN-14 apply gives the result of process', async () => {
  const elements = [sale('a', 1, 1), sale('a', 2, 2), sale('b', 4, 12)]
  const apply = await over(elements, (sales) =>
    sales
      .keyBy('k')
      .window(tumblingEventTimeWindows(10))
      .apply<string>((key, window, all, out) =>
        out.collect(`${key} ${window} ${[...all].reduce((sum, { n }) => sum + n, 0)}`),
      ),
  )
  const process = await over(elements, (sales) =>
    sales.keyBy('k').window(tumblingEventTimeWindows(10)).process(total),
  )
  expect(apply).toEqual(process)
})

test('WIN-15 state per window differs and is gone after clear, state per key stays', async () => {
  const COUNT = valueState<number>('count', { type: types.int, initialValue: 0 })
  const elements = [
    sale('a', 1, 1),
    sale('a', 1, 11),
    sale('a', 1, 2), // late, but within the lateness: the first window fires again
    sale('a', 1, 21),
  ]
  const out = await over(elements, (sales) =>
    sales
      .keyBy('k')
      .window(tumblingEventTimeWindows(10))
      .allowedLateness(5)
      .process<string>({
        process(_key, { window, windowState, globalState }, _all, out) {
          const here = windowState.getState(COUNT)
          const overall = globalState.getState(COUNT)
          here.update((here.value() ?? 0) + 1)
          overall.update((overall.value() ?? 0) + 1)
          out.collect(`${window.startMs}: ${here.value()}/${overall.value()}`)
        },
        clear: (_key, { windowState }) => windowState.getState(COUNT).clear(),
      }),
  )
  expect(out).toEqual(['0: 1/1', '0: 2/2', '10: 1/3', '20: 1/4'])
})

test('WIN-18 early results of a day, and one final', async () => {
  const elements = [sale('a', 1, 5), sale('a', 2, minutes(2)), sale('a', 4, minutes(9))]
  const out = await over(elements, (sales) =>
    sales
      .keyBy('k')
      .window(tumblingEventTimeWindows(hours(24)))
      .trigger(continuousEventTimeTrigger(minutes(1)))
      .sum('n'),
  )
  expect(amounts(out)).toEqual([3, 7, 7])
})

test('WIN-19 100 records or 5 s: 250 and then silence give 100, 100 and, 5 s later, 50', async () => {
  const input = new ScriptedInput<number>()
  const sink = new ArraySink<number>()
  const seen: number[][] = []
  await runInSim(async (env, process) => {
    env
      .fromSource(scriptedSource(input), watermarks.none<number>())
      .keyBy(() => 'all')
      .window(globalWindows())
      .trigger(countOrTimeTrigger(100, seconds(5)))
      .process<number>((_key, _context, all, out) => out.collect([...all].length))
      .sinkTo(sink)
    const job = await env.executeAsync()
    input.feed(Array.from({ length: 250 }, (_, i) => record(i)))
    await pass(process, 4_900)
    seen.push([...sink.records])
    await pass(process, 200)
    seen.push([...sink.records])
    input.end()
    await job.result()
  })
  expect(seen).toEqual([
    [100, 100],
    [100, 100, 50],
  ])
  expect(sink.records).toEqual([100, 100, 50])
})

test('WIN-22 CountEvictor(2) leaves the last two for the function', async () => {
  const elements = [1, 2, 3].map((n) => sale('a', n, n))
  const out = await over(elements, (sales) =>
    sales.keyBy('k').window(tumblingEventTimeWindows(10)).evictor(countEvictor(2)).sum('n'),
  )
  expect(amounts(out)).toEqual([5])
})

describe('WIN-25 results that change', () => {
  const elements = [sale('a', 1, 1), sale('a', 2, 12), sale('a', 4, 3), sale('a', 8, 25)]
  const windows = (sales: DataStream<Sale>) =>
    sales.keyBy('k').window(tumblingEventTimeWindows(10)).allowedLateness(10)

  test('accumulating', async () => {
    const out = await over(elements, (sales) => windows(sales).sum('n'))
    expect(amounts(out)).toEqual([1, 5, 2, 8])
  })

  test('discarding', async () => {
    const out = await over(elements, (sales) => windows(sales).emission('discarding').sum('n'))
    expect(amounts(out)).toEqual([1, 4, 2, 8])
  })

  test('retracting: minus the old, then plus the new', async () => {
    const out = await over(
      elements,
      (sales): DataStream<WindowChange<Sale>> => windows(sales).emission('retracting').sum('n'),
    )
    expect(out.map(({ kind, value }) => (kind === 'add' ? value.n : -value.n))).toEqual([
      1, -1, 5, 2, 8,
    ])
  })

  test('retracting: the results in state have the type that is declared', async () => {
    const type = types.row({ k: types.string, n: types.int })
    const warningsOf = async (
      changes: (sales: DataStream<Sale>) => DataStream<WindowChange<Sale>>,
    ): Promise<readonly string[]> => {
      const host = new SimHost()
      await host.run((env) => {
        const source = scriptedSource([elements])
        const sales = env.fromSource(source, watermarks.monotonous<Sale>()).returns(type)
        return changes(sales).executeAndCollect()
      })
      return host.warnings.filter((line) => line.includes('millrace-window-results'))
    }
    const first = (sales: DataStream<Sale>, resultType?: typeof type) =>
      windows(sales)
        .emission('retracting', resultType && { type: resultType })
        .process<Sale>((_key, _context, [one], out) => out.collect(one as Sale))
    expect(await warningsOf((sales) => windows(sales).emission('retracting').sum('n'))).toEqual([])
    expect(await warningsOf((sales) => first(sales, type))).toEqual([])
    expect(await warningsOf((sales) => first(sales))).toHaveLength(1)
  })
})

test('WIN-26 the merges of a key can be watched', async () => {
  const merges = outputTag<WindowMerge>('merges')
  const elements = [sale('a', 1, 0), sale('a', 1, 15), sale('a', 1, 8)]
  const out = await over(
    elements,
    (sales) =>
      sales
        .keyBy('k')
        .window(eventTimeSessionWindows(10))
        .sideOutputMerges(merges)
        .sum('n')
        .getSideOutput(merges),
    20,
  )
  expect(out).toEqual([{ key: 'a', before: ['[0, 10)', '[15, 25)', '[8, 18)'], after: '[0, 25)' }])
})

describe('windows over one source', () => {
  const list = Array.from({ length: 300 }, (_, i) => ({
    item: `item-${(i * i) % 7}`,
    atMs: i * minutes(1),
  }))
  const clicks = list.map(({ item, atMs }) => sale(item, 1, atMs))

  /** Clicks per item in [start, start + size), counted over the finished list. */
  function countsIn(startMs: number, sizeMs: number): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { item, atMs } of list) {
      if (atMs < startMs || atMs >= startMs + sizeMs) continue
      counts.set(item, (counts.get(item) ?? 0) + 1)
    }
    return counts
  }

  test('WIN-27 hot items: a window on window results equals a batch reference', async () => {
    const sizeMs = hours(1)
    const out = await over(clicks, (sales) =>
      sales
        .keyBy('k')
        .window(slidingEventTimeWindows(sizeMs, minutes(30)))
        .sum('n')
        .windowAll(tumblingEventTimeWindows(minutes(30)))
        .process<string>((_key, { window }, all, out) => {
          const hottest = [...all].sort((l, r) => r.n - l.n || (l.k < r.k ? -1 : 1)).slice(0, 3)
          out.collect(`${window.endMs}: ${hottest.map(({ k, n }) => `${k}=${n}`)}`)
        }),
    )
    const expected: string[] = []
    for (let endMs = minutes(30); endMs <= minutes(330); endMs += minutes(30)) {
      const hottest = [...countsIn(endMs - sizeMs, sizeMs)]
        .sort(([left, m], [right, n]) => n - m || (left < right ? -1 : 1))
        .slice(0, 3)
      if (hottest.length > 0) expected.push(`${endMs}: ${hottest.map(([k, n]) => `${k}=${n}`)}`)
    }
    expect(out).toEqual(expected)
  })

  test('WIN-28 5, 10 and 15 minutes of one source, which is read once', async () => {
    let reads = 0
    const out = await over(clicks, (sales) => {
      const counted = sales.map((one) => {
        reads++
        return one
      })
      const [five, ten, fifteen] = [5, 10, 15].map((size) =>
        counted
          .keyBy('k')
          .window(tumblingEventTimeWindows(minutes(size)))
          .reduce<string>(
            (left, right) => ({ k: left.k, n: left.n + right.n }),
            (key, { window }, [result], out) =>
              out.collect(`${size} ${window.startMs} ${key} ${result?.n}`),
          ),
      ) as [DataStream<string>, DataStream<string>, DataStream<string>]
      return five.union(ten, fifteen)
    })
    const expected = [5, 10, 15].flatMap((size) =>
      Array.from({ length: 300 / size }, (_, i) => i * minutes(size)).flatMap((startMs) =>
        [...countsIn(startMs, minutes(size))].map(([k, n]) => `${size} ${startMs} ${k} ${n}`),
      ),
    )
    expect(out.sort()).toEqual(expected.sort())
    expect(reads).toBe(clicks.length)
  })

  test('WIN-31 distinct items per hour', async () => {
    const out = await over(clicks, (sales) =>
      sales.windowAll(tumblingEventTimeWindows(hours(1))).aggregate(distinctCount((one) => one.k)),
    )
    expect(out).toEqual([0, 1, 2, 3, 4].map((hour) => countsIn(hours(hour), hours(1)).size))
  })
})

test('WIN-32 a file that comes twice gives each id once, and again after the time', async () => {
  const input = new ScriptedInput<number>()
  const sink = new ArraySink<number>()
  const file = [1, 2, 2, 3].map((id) => record(id))
  await runInSim(async (env, process) => {
    env
      .fromSource(scriptedSource(input), watermarks.none<number>())
      .keyBy((id) => id)
      .deduplicate({ ttlMs: minutes(1), ttlTime: 'processing' })
      .sinkTo(sink)
    const job = await env.executeAsync()
    input.feed([...file, ...file])
    await pass(process, minutes(2))
    input.feed(file)
    input.end()
    await job.result()
  })
  expect(sink.records).toEqual([1, 2, 3, 1, 2, 3])
})

test('a countTrigger with an evictor keeps what the evictor leaves', async () => {
  const elements = [1, 2, 3, 4].map((n) => sale('a', n, n))
  const out = await over(elements, (sales) =>
    sales
      .keyBy('k')
      .window(globalWindows())
      .trigger(countTrigger(2))
      .evictor(countEvictor(3))
      .sum('n'),
  )
  expect(amounts(out)).toEqual([3, 9])
})
