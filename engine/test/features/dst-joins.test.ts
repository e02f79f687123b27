/// <reference types="node" />
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  collectionSource,
  type DataStream,
  eventTimeSessionWindows,
  getExecutionEnvironment,
  outputTag,
  type StreamExecutionEnvironment,
  slidingEventTimeWindows,
  type TimeWindow,
  tumblingEventTimeWindows,
  types,
  watermarks,
} from '../../src/index.ts'
import type { WindowAssigner } from '../../src/spi.ts'

interface Item {
  readonly key: string
  readonly id: number
  readonly atMs: number
}

const ofItem = types.row({ key: types.string, id: types.int, atMs: types.int })

function streamOf(env: StreamExecutionEnvironment, items: readonly Item[]): DataStream<Item> {
  const source = collectionSource(items, { timestamp: (item) => item.atMs })
  return env.fromSource(source, watermarks.none<Item>(), 'items', 1)
}

type Assigner = WindowAssigner<unknown, TimeWindow>

interface Case {
  readonly name: string
  readonly assigner: () => Assigner
  /** The windows of the items of one key, as lists of items. */
  readonly windowsOf: (items: readonly Item[]) => Item[][]
}

function aligned(sizeMs: number, slideMs: number): Case['windowsOf'] {
  return (items) => {
    const windows = new Map<number, Item[]>()
    for (const item of items) {
      for (let start = -200; start <= 200; start += slideMs) {
        if (item.atMs < start || item.atMs >= start + sizeMs) continue
        windows.set(start, [...(windows.get(start) ?? []), item])
      }
    }
    return [...windows.values()]
  }
}

const sessions: Case['windowsOf'] = (items) => {
  const windows: Item[][] = []
  for (const item of [...items].sort((left, right) => left.atMs - right.atMs)) {
    const last = windows.at(-1)
    const lastMs = last?.at(-1)?.atMs
    // A session ends with its gap, and an item right at the end of one still joins it.
    if (last !== undefined && lastMs !== undefined && item.atMs <= lastMs + 10) last.push(item)
    else windows.push([item])
  }
  return windows
}

const CASES: readonly Case[] = [
  {
    name: 'tumbling',
    assigner: () => tumblingEventTimeWindows(20),
    windowsOf: aligned(20, 20),
  },
  {
    name: 'sliding',
    assigner: () => slidingEventTimeWindows(20, 10),
    windowsOf: aligned(20, 10),
  },
  { name: 'session', assigner: () => eventTimeSessionWindows(10), windowsOf: sessions },
]

/** Per key and window the ids of both sides, where there are any. */
function groups(left: readonly Item[], right: readonly Item[], one: Case): [number[], number[]][] {
  const isLeft = new Set(left)
  const all = [...left, ...right]
  return [...new Set(all.map((item) => item.key))]
    .flatMap((key) => one.windowsOf(all.filter((item) => item.key === key)))
    .map((window) => [
      window.filter((item) => isLeft.has(item)).map((item) => item.id),
      window.filter((item) => !isLeft.has(item)).map((item) => item.id),
    ])
}

const items = (firstId: number): fc.Arbitrary<Item[]> =>
  fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: -60, max: 90 })), {
      maxLength: 12,
    })
    .map((list) => list.map(([key, atMs], index) => ({ key, id: firstId + index, atMs })))

describe.each(CASES)('$name windows', (one) => {
  test('DST-13 join gives exactly the pairs that share key and window', async () => {
    await fc.assert(
      fc.asyncProperty(items(0), items(100), fc.constantFrom(1, 3), async (left, right, p) => {
        const env = getExecutionEnvironment().setParallelism(p)
        const pairs = await streamOf(env, left)
          .join(streamOf(env, right))
          .where((item) => item.key, types.string)
          .equalTo((item) => item.key)
          .window(one.assigner())
          .types(ofItem, ofItem)
          .apply((l, r) => `${l.id} ${r.id}`)
          .executeAndCollect()
        const expected = groups(left, right, one).flatMap(([ls, rs]) =>
          ls.flatMap((l) => rs.map((r) => `${l} ${r}`)),
        )
        expect(pairs.sort()).toEqual(expected.sort())
      }),
      { seed: 13, numRuns: 25 },
    )
  })

  test('DST-14 coGroup is called once per key and window, a missing side is empty', async () => {
    await fc.assert(
      fc.asyncProperty(items(0), items(100), fc.constantFrom(1, 3), async (left, right, p) => {
        const env = getExecutionEnvironment().setParallelism(p)
        const calls = await streamOf(env, left)
          .coGroup(streamOf(env, right))
          .where((item) => item.key)
          .equalTo((item) => item.key)
          .window(one.assigner())
          .types(ofItem, ofItem)
          .apply<string>((ls, rs, out) => {
            const ids = (side: readonly Item[]): string => `${side.map((item) => item.id).sort()}`
            out.collect(`${ids(ls)} | ${ids(rs)}`)
          })
          .executeAndCollect()
        const expected = groups(left, right, one).map(
          ([ls, rs]) => `${[...ls].sort()} | ${[...rs].sort()}`,
        )
        expect(calls.sort()).toEqual(expected.sort())
      }),
      { seed: 14, numRuns: 25 },
    )
  })
})

test('DST-13 a flat join function object is opened and may emit nothing', async () => {
  const env = getExecutionEnvironment()
  const left = streamOf(env, [
    { key: 'a', id: 1, atMs: 1 },
    { key: 'a', id: 2, atMs: 2 },
  ])
  const right = streamOf(env, [{ key: 'a', id: 2, atMs: 3 }])
  const evens = await left
    .join(right)
    .where((item) => item.key)
    .equalTo((item) => item.key)
    .window(tumblingEventTimeWindows(10))
    .apply<string>({
      open(context) {
        context.metrics.counter('opened').add(1)
      },
      flatJoin(l, r, out) {
        if (l.id === r.id) out.collect(`both ${l.id}`)
      },
    })
    .executeAndCollect()
  expect(evens).toEqual(['both 2'])
})

test('DST-15, PRO-10 interval join: bounds, exclusive bounds, both timestamps, late records', async () => {
  const lateLeft = outputTag<Item>('late-left')
  const run = async (isExclusive: boolean): Promise<string[]> => {
    const env = getExecutionEnvironment().setParallelism(2)
    const keyed = (list: readonly Item[]) => streamOf(env, list).keyBy('key')
    const left = keyed([{ key: 'a', id: 1, atMs: 100 }])
    const right = keyed([95, 96, 100, 105].map((atMs, id) => ({ key: 'a', id, atMs })))
    const inclusive = left.intervalJoin(right).between(-5, 5).sideOutputLeftLateData(lateLeft)
    const join = isExclusive
      ? inclusive.lowerBoundExclusive().upperBoundExclusive()
      : inclusive.types(ofItem, ofItem)
    return join
      .process<string>((_l, _r, ctx, out) =>
        out.collect(`${ctx.leftTimestampMs} ${ctx.rightTimestampMs} ${ctx.timestampMs}`),
      )
      .executeAndCollect()
  }
  expect((await run(false)).sort()).toEqual([
    '100 100 100',
    '100 105 105',
    '100 95 100',
    '100 96 100',
  ])
  expect((await run(true)).sort()).toEqual(['100 100 100', '100 96 100'])
})

test('DST-12 split() and select() name side outputs', () => {
  const stream = getExecutionEnvironment().fromElements(1, 2)
  expect(() => stream.split((n: number) => [n % 2 === 0 ? 'even' : 'odd'])).toThrow(
    /split\(\) is not supported.*side outputs.*outputTag.*getSideOutput/s,
  )
  expect(() => stream.select('even')).toThrow(/select\(\).*side outputs/s)
})
