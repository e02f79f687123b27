import { describe, expect, test } from 'vitest'
import {
  type AggregateFunction,
  collectionSource,
  collectSink,
  countEvictor,
  countTrigger,
  type DataStream,
  discardSink,
  ErrorCode,
  eventTimeSessionWindows,
  hybridSource,
  perSubtask,
  type ReduceFunction,
  type RichFunction,
  type StreamExecutionEnvironment,
  type TimeWindow,
  tumblingEventTimeWindows,
  types,
  type WindowedStream,
  watermarks,
} from '../../src/index.ts'
import { runInSim } from './run-in-sim.ts'

interface Item {
  readonly key: string
  readonly n: number
}

type Windowed = WindowedStream<Item, string, TimeWindow>

/** 1,000 items; `hotPercent` of them have the key `hot`, the others one of 100. */
function items(hotPercent: number): Item[] {
  return Array.from({ length: 1_000 }, (_, n) => ({
    key: n % 100 < hotPercent ? 'hot' : `key ${n % 97}`,
    n,
  }))
}

/** The skew of an operator `Totals` of parallelism 4 after the items have been summed up by key. */
async function skewOfTotals(list: readonly Item[]) {
  return runInSim(async (env) => {
    env
      .setParallelism(4)
      .fromCollection(list)
      .keyBy('key')
      .sum('n')
      .name('Totals')
      .sinkTo(discardSink())
    const client = await env.executeAsync('totals')
    await client.result()
    return client.skew().find(({ operatorName }) => operatorName === 'Totals')
  })
}

test('PAR-06 80 % of the records on one key: the skew names subtask, figure and key group', async () => {
  const skew = await skewOfTotals(items(80))
  expect(skew?.records.reduce((sum, count) => sum + count, 0)).toBe(1_000)
  expect(skew?.mean).toBe(250)
  expect(skew?.max).toBeGreaterThanOrEqual(800)
  expect(skew?.skew).toBe((skew?.max ?? 0) / 250)
  expect(skew?.records[skew.busiestSubtask]).toBe(skew?.max)
  const [hottest, second] = skew?.keyGroups ?? []
  expect(hottest?.subtaskIndex).toBe(skew?.busiestSubtask)
  expect(hottest?.share).toBeGreaterThanOrEqual(0.8)
  expect(hottest?.share).toBe((hottest?.records ?? 0) / 1_000)
  expect(second?.share).toBeLessThan(0.1)
  expect(skew?.hint).toBe(
    `subtask ${skew?.busiestSubtask} of 'Totals' has 3.4 times the mean of its subtasks; key group ` +
      `${hottest?.keyGroup} alone has 81 % of the records. Aggregate windows in two phases, by ` +
      'twoPhase(), or key by something finer',
  )
})

test('PAR-06 an even load has a skew near 1 and no hint', async () => {
  const skew = await skewOfTotals(items(0))
  expect(skew?.skew).toBeLessThan(1.3)
  expect(skew?.hint).toBeUndefined()
})

test('PAR-10 fewer keys than subtasks: the hint says how many have nothing to do', async () => {
  const skew = await skewOfTotals(items(100))
  expect(skew?.records.filter((count) => count > 0)).toEqual([1_000])
  expect(skew?.hint).toBe(
    "3 of 4 subtasks of 'Totals' have no records: its keys fall into 1 of the key groups, and a key " +
      'group has one subtask. Lower its parallelism, or key by something with more values',
  )
})

describe('PAR-07 windows aggregated in two phases', () => {
  const windowed = (env: StreamExecutionEnvironment, list: readonly Item[]) =>
    env
      .setParallelism(4)
      .fromSource(collectionSource(list, { timestamp: ({ n }) => n }), watermarks.monotonous())
      .rebalance()
      .map((item) => item)
      .keyBy(({ key }) => key, types.string)
      .window(tumblingEventTimeWindows(250))

  test('same totals with and without, and the busiest subtask has a fraction of the records', async () => {
    const list = items(80)
    const run = (twoPhase: boolean) =>
      runInSim(async (env) => {
        const stream = windowed(env, list)
        const found: Item[] = []
        const totals = (twoPhase ? stream.twoPhase() : stream).sum('n').name('Totals')
        totals.sinkTo(collectSink({ add: (item) => void found.push(item) }))
        const client = await env.executeAsync('totals')
        await client.result()
        const skew = client.skew().find(({ operatorName }) => operatorName === 'Totals')
        return { found: found.map(({ key, n }) => `${key} ${n}`).sort(), max: skew?.max ?? 0 }
      })
    const [one, two] = [await run(false), await run(true)]
    expect(two.found).toEqual(one.found)
    expect(one.max).toBeGreaterThan(800)
    expect(two.max).toBeLessThan(one.max / 4)
  })

  test.each([
    ['process()', (stream: Windowed) => stream.process(() => {})],
    ['evictor()', (stream: Windowed) => stream.evictor(countEvictor(1)).sum('n')],
    ['trigger()', (stream: Windowed) => stream.trigger(countTrigger(1)).sum('n')],
  ])('%s needs the records and is refused', async (method, compute) => {
    await runInSim(async (env) => {
      expect(() => compute(windowed(env, []).twoPhase())).toThrow(
        expect.objectContaining({
          code: ErrorCode.INVALID_PROGRAM,
          message:
            `${method} needs the records themselves, but after twoPhase() the windows get partial ` +
            'aggregates; leave one of the two out',
        }),
      )
    })
  })

  test('function objects live in both phases as they do in one', async () => {
    class Tens implements AggregateFunction<Item, number, number>, RichFunction {
      #factor = 0
      open(): void {
        this.#factor = 10
      }
      createAccumulator = (): number => 0
      add = ({ n }: Item, sum: number): number => sum + n * this.#factor
      merge = (left: number, right: number): number => left + right
      getResult = (sum: number): number => sum / this.#factor
    }
    class Largest implements ReduceFunction<Item>, RichFunction {
      private isOpen = false
      open(): void {
        this.isOpen = true
      }
      reduce(left: Item, right: Item): Item {
        return { key: left.key, n: this.isOpen ? Math.max(left.n, right.n) : -1 }
      }
    }
    const run = (compute: (stream: Windowed) => DataStream<unknown>, twoPhase: boolean) =>
      runInSim(async (env) => {
        const stream = windowed(env, items(80))
        const found = await compute(twoPhase ? stream.twoPhase() : stream).executeAndCollect()
        return found.map((one) => JSON.stringify(one)).sort()
      })
    const ways: ((stream: Windowed) => DataStream<unknown>)[] = [
      (stream) => stream.aggregate(perSubtask(() => new Tens())).map<unknown>((sum) => sum),
      (stream) => stream.reduce(new Largest()).map<unknown>((item) => item),
    ]
    for (const way of ways) expect(await run(way, true)).toEqual(await run(way, false))
  })

  const localParallelism = (build: (env: StreamExecutionEnvironment) => DataStream<Item>) =>
    runInSim(async (env) => {
      build(env.setParallelism(4))
        .keyBy('key')
        .window(tumblingEventTimeWindows(250))
        .twoPhase()
        .sum('n')
        .uid('totals')
        .sinkTo(discardSink())
      const { operators } = env.explainJson()
      return operators.find(({ name }) => name === 'Local Window Aggregate')
    })

  test('the first phase is where the records are: it has the parallelism of what it reads', async () => {
    const source = collectionSource(items(0), { timestamp: ({ n }) => n })
    const limited = { ...source, parallelismLimit: { limit: 1, reason: 'a test' } }
    const strategy = watermarks.monotonous<Item>()
    const parallelism = async (build: (env: StreamExecutionEnvironment) => DataStream<Item>) =>
      (await localParallelism(build))?.parallelism
    expect(await parallelism((env) => env.fromSource(source, strategy))).toBe(4)
    expect(await parallelism((env) => env.fromSource(source, strategy, 'three', 3))).toBe(3)
    expect(await parallelism((env) => env.fromSource(limited, strategy))).toBe(1)
    const hybrid = hybridSource<Item>(source, limited)
    expect(await parallelism((env) => env.fromSource(hybrid, strategy))).toBe(1)
  })

  test('in BATCH too, where nothing is late', async () => {
    const run = (twoPhase: boolean) =>
      runInSim(async (env) => {
        const stream = windowed(env.setRuntimeMode('BATCH'), items(80)).allowedLateness(5)
        const found = await (twoPhase ? stream.twoPhase() : stream).sum('n').executeAndCollect()
        return found.map(({ key, n }) => `${key} ${n}`).sort()
      })
    expect(await run(true)).toEqual(await run(false))
  })

  test('the state of the first phase is named after the uid of the windows', async () => {
    const local = await localParallelism((env) => env.fromCollection(items(0)))
    expect(local?.uid).toBe('totals-local')
  })

  test('sessions are refused', async () => {
    await runInSim(async (env) => {
      const sessions = env.fromCollection(items(0)).keyBy('key').window(eventTimeSessionWindows(10))
      expect(() => sessions.twoPhase()).toThrow(
        /^twoPhase\(\) takes event-time windows that are known/,
      )
    })
  })
})
