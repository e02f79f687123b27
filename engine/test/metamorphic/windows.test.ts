import fc from 'fast-check'
import {
  type AggregateFunction,
  type Collector,
  calendarEventTimeWindows,
  type DataStream,
  eventTimeTrigger,
  globalWindows,
  type ProcessWindowContext,
  type TimeWindow,
  types,
  type WindowedStream,
} from '../../src/index.ts'
import { itemsOf } from './reference-events.ts'
import { type Group, groupedBy, groupsOf } from './reference-groups.ts'
import { testRelations } from './relations.ts'
import { IN_ANY_ORDER, IN_ONE_ORDER, type Item, keyedItems, withIdleInput } from './subject.ts'
import { assignerOf, type WindowShape, windowShapes } from './window-shapes.ts'

/** How a window computes: each way keeps other state. */
type Way = 'aggregate' | 'reduce' | 'process'

const ways = fc.constantFrom<Way>('aggregate', 'reduce', 'process')

const listed: AggregateFunction<Item, number[], { readonly sum: number }> = {
  accumulatorType: types.array(types.int),
  createAccumulator: () => [],
  add: ({ n }, all) => all.concat(n),
  merge: (left, right) => [...left, ...right],
  getResult: (all) => ({ sum: all.reduce((sum, n) => sum + n, 0) }),
}

/** Sums by window, computed in one of the ways. */
function sums(stream: WindowedStream<Item, string, TimeWindow>, way: Way): DataStream<string> {
  type Context = ProcessWindowContext<TimeWindow>
  const emit = (key: string, { window }: Context, sum: number, out: Collector<string>): void =>
    out.collect(`${key} ${window} ${sum}`)
  if (way === 'aggregate') {
    return stream.aggregate<number[], { readonly sum: number }, string>(
      listed,
      (key, context, [one], out) => emit(key, context, one?.sum ?? 0, out),
    )
  }
  if (way === 'reduce') {
    return stream.reduce<string>(
      ({ id, key, n, atMs }, right) => ({ id, key, n: n + right.n, atMs }),
      (key, context, [one], out) => emit(key, context, one?.n ?? 0, out),
    )
  }
  return stream.process<string>((key, context, items, out) => {
    let sum = 0
    for (const { n } of items) sum += n
    emit(key, context, sum, out)
  })
}

const sumOf = ({ key, startMs, endMs, items }: Group): string =>
  `${key} [${startMs}, ${endMs}) ${items.reduce((sum, { n }) => sum + n, 0)}`

interface Windows {
  readonly shape: WindowShape
  readonly way: Way
}

testRelations<Windows>(
  {
    name: 'WIN-01, WIN-02, WIN-03, WIN-04, WIN-08 windows of event time',
    descriptions: fc.record({
      shape: windowShapes('tumbling', 'sliding', 'cumulative', 'session', 'dynamic-session'),
      way: ways,
    }),
    relations: withIdleInput(IN_ANY_ORDER),
    build: (parts, { shape, way }) => sums(keyedItems(parts).window(assignerOf(shape)), way),
    expected: ({ shape }, steps) => groupsOf(itemsOf(steps), shape).map(sumOf),
    canaries: {
      'records of the last millisecond are left out': (parts, { shape, way }) => {
        const items = parts.items(0).filter(({ atMs }) => atMs < 99)
        return sums(keyedItems({ items: () => items }).window(assignerOf(shape)), way)
      },
    },
  },
  60,
)

testRelations<Windows>(
  {
    name: 'PAR-07 windows aggregated in two phases',
    descriptions: fc.record({
      shape: windowShapes('tumbling', 'sliding', 'cumulative'),
      way: fc.constantFrom<Way>('aggregate', 'reduce'),
    }),
    relations: withIdleInput(IN_ANY_ORDER),
    build: (parts, { shape, way }) =>
      sums(keyedItems(parts).window(assignerOf(shape)).twoPhase({ entriesMax: 4 }), way),
    expected: ({ shape }, steps) => groupsOf(itemsOf(steps), shape).map(sumOf),
    canaries: {
      'the first phase forgets what it holds when there is too much': (parts, { shape, way }) => {
        const seen = new Map<string, number>()
        const items = parts.items(0).filter(({ key }) => {
          seen.set(key, (seen.get(key) ?? 0) + 1)
          return seen.get(key) !== 5
        })
        return sums(
          keyedItems({ items: () => items })
            .window(assignerOf(shape))
            .twoPhase(),
          way,
        )
      },
    },
  },
  40,
)

/** Midnights of Berlin around the night in which its clocks went forward: that day had 23 hours. */
const MIDNIGHTS_MS = [
  '2026-03-27T23:00:00Z',
  '2026-03-28T23:00:00Z',
  '2026-03-29T22:00:00Z',
  '2026-03-30T22:00:00Z',
].map((text) => Date.parse(text))

const firstMs = MIDNIGHTS_MS[0] as number

testRelations<{ readonly way: Way }>(
  {
    name: 'WIN-11 days of a calendar',
    descriptions: fc.record({ way: ways }),
    relations: withIdleInput(IN_ANY_ORDER),
    items: { firstMs, lastMs: (MIDNIGHTS_MS[3] as number) - 1, boundMs: 3_600_000 },
    build: (parts, { way }) => {
      const days = calendarEventTimeWindows({ unit: 'day', timeZone: 'Europe/Berlin' })
      return sums(keyedItems(parts).window(days), way)
    },
    expected: (_, steps) =>
      groupedBy(itemsOf(steps), ({ atMs }) => {
        const index = MIDNIGHTS_MS.findLastIndex((midnightMs) => midnightMs <= atMs)
        const [startMs, endMs] = MIDNIGHTS_MS.slice(index, index + 2) as [number, number]
        return [{ startMs, endMs }]
      }).map(sumOf),
    canaries: {
      'days are those of UTC': (parts, { way }) =>
        sums(
          keyedItems(parts).window(calendarEventTimeWindows({ unit: 'day', timeZone: 'UTC' })),
          way,
        ),
    },
  },
  16,
)

interface Counts {
  readonly size: number
  readonly slide: number | undefined
}

const ids = (items: Iterable<Item>): string => [...items].map(({ id }) => id).join()

testRelations<Counts>({
  name: 'WIN-06 count windows',
  descriptions: fc.record({
    size: fc.integer({ min: 1, max: 5 }),
    slide: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  }),
  relations: withIdleInput(IN_ONE_ORDER),
  orderedBy: (result) => result.split(' ')[0] as string,
  build: (parts, { size, slide }) =>
    keyedItems(parts)
      .countWindow(size, slide)
      .process<string>((key, _, items, out) => out.collect(`${key} ${ids(items)}`)),
  expected: ({ size, slide = size }, steps) =>
    [...Map.groupBy(itemsOf(steps), ({ key }) => key)].flatMap(([key, items]) => {
      const results: string[] = []
      for (let end = slide; end <= items.length; end += slide) {
        results.push(`${key} ${ids(items.slice(Math.max(0, end - size), end))}`)
      }
      return results
    }),
  canaries: {
    'windows hold one record more': (parts, { size, slide }) =>
      keyedItems(parts)
        .countWindow(size + 1, slide)
        .process<string>((key, _, items, out) => out.collect(`${key} ${ids(items)}`)),
  },
})

testRelations<Record<string, never>>(
  {
    name: 'WIN-05 global windows at the end of the input',
    descriptions: fc.constant({}),
    relations: withIdleInput(IN_ANY_ORDER),
    build: (parts) =>
      keyedItems(parts)
        .window(globalWindows())
        .trigger(eventTimeTrigger())
        .process<string>((key, _, items, out) =>
          out.collect(`${key} ${[...items].map(({ id }) => id).sort()}`),
        ),
    expected: (_, steps) =>
      [...Map.groupBy(itemsOf(steps), ({ key }) => key)].map(
        ([key, items]) => `${key} ${items.map(({ id }) => id).sort()}`,
      ),
    canaries: {
      'every record is a result': (parts) => parts.items(0).map(({ id, key }) => `${key} ${id}`),
    },
  },
  12,
)
