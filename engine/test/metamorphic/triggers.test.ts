import fc from 'fast-check'
import {
  continuousEventTimeTrigger,
  countOrTimeTrigger,
  countTrigger,
  type DataStream,
  deltaTrigger,
  globalWindows,
  hours,
  purgingTrigger,
  tumblingEventTimeWindows,
  type WindowedStream,
} from '../../src/index.ts'
import type { Window } from '../../src/spi.ts'
import { itemsOf, withWatermarks } from './reference-events.ts'
import { testRelations } from './relations.ts'
import {
  BY_CLOCK,
  IN_ONE_ORDER,
  ITEM,
  type Item,
  type JobParts,
  keyedItems,
  type Step,
  withIdleInput,
} from './subject.ts'

type Kind = 'count' | 'purging-count' | 'delta' | 'count-or-time'

interface Rule {
  readonly kind: Kind
  readonly count: number
}

const descriptions: fc.Arbitrary<Rule> = fc.record({
  kind: fc.constantFrom<Kind>('count', 'purging-count', 'delta', 'count-or-time'),
  count: fc.integer({ min: 1, max: 5 }),
})

function texts<W extends Window>(stream: WindowedStream<Item, string, W>): DataStream<string> {
  return stream.process<string>((key, _, items, out) =>
    out.collect(`${key} ${[...items].map(({ id }) => id)}`),
  )
}

function fired(parts: JobParts, { kind, count }: Rule): DataStream<string> {
  const windowed = keyedItems(parts).window(globalWindows())
  switch (kind) {
    case 'count':
      return texts(windowed.trigger(countTrigger(count)))
    case 'purging-count':
      return texts(windowed.trigger(purgingTrigger(countTrigger(count))))
    case 'delta':
      return texts(windowed.trigger(deltaTrigger(count, distance, { type: ITEM })))
    case 'count-or-time':
      return texts(windowed.trigger(countOrTimeTrigger(count, hours(1))))
  }
}

const distance = (left: Item, right: Item): number => Math.abs(left.n - right.n)

/** What a window of one key emits, record by record. */
function firings(items: readonly Item[], { kind, count }: Rule): readonly (readonly Item[])[] {
  const results: Item[][] = []
  let held: Item[] = []
  let sinceFired = 0
  let mark: Item | undefined
  for (const item of items) {
    held.push(item)
    sinceFired++
    const isFar = mark !== undefined && distance(mark, item) > count
    if (kind === 'delta' ? !isFar : sinceFired < count) {
      mark ??= item
      continue
    }
    results.push([...held])
    mark = item
    sinceFired = 0
    if (kind !== 'count' && kind !== 'delta') held = []
  }
  return kind === 'count-or-time' && held.length > 0 ? [...results, held] : results
}

testRelations<Rule>(
  {
    name: 'WIN-17, WIN-19 count, purging, delta and count-or-time triggers',
    descriptions,
    relations: withIdleInput(IN_ONE_ORDER),
    orderedBy: (result) => result.split(' ')[0] as string,
    build: fired,
    expected: (rule, steps) =>
      [...Map.groupBy(itemsOf(steps), ({ key }) => key)].flatMap(([key, items]) =>
        firings(items, rule).map((held) => `${key} ${held.map(({ id }) => id)}`),
      ),
    canaries: {
      'nothing is purged': (parts, rule) =>
        fired(parts, { ...rule, kind: rule.kind === 'delta' ? 'delta' : 'count' }),
      'the count is off by one': (parts, rule) => fired(parts, { ...rule, count: rule.count + 1 }),
    },
  },
  40,
)

interface Early {
  readonly sizeMs: number
  readonly intervalMs: number
}

const BOUND_MS = 30

const early = (parts: JobParts, { sizeMs, intervalMs }: Early): DataStream<string> =>
  texts(
    keyedItems(parts)
      .window(tumblingEventTimeWindows(sizeMs))
      .trigger(continuousEventTimeTrigger(intervalMs)),
  )

/** A window that fires at its end, and at multiples of the interval when it has new records. */
function earlyReference({ sizeMs, intervalMs }: Early, steps: readonly Step[]): readonly string[] {
  const results: string[] = []
  const windows = new Map<string, { endMs: number; key: string; items: Item[]; nextMs: number }>()
  let nowMs = Number.NEGATIVE_INFINITY
  for (const event of withWatermarks(steps, BOUND_MS)) {
    if ('item' in event) {
      const { item } = event
      const endMs = (Math.floor(item.atMs / sizeMs) + 1) * sizeMs
      if (endMs - 1 <= nowMs) continue
      const name = `${item.key} ${endMs}`
      const window = windows.get(name) ?? { endMs, key: item.key, items: [], nextMs: Infinity }
      const nextMs = (Math.floor(Math.max(item.atMs, nowMs) / intervalMs) + 1) * intervalMs
      window.items.push(item)
      if (window.nextMs === Infinity && nextMs < endMs - 1) window.nextMs = nextMs
      windows.set(name, window)
      continue
    }
    nowMs = event.watermarkMs
    for (const [name, window] of windows) {
      const { endMs, key, items, nextMs } = window
      const text = `${key} ${items.map(({ id }) => id)}`
      if (nextMs < Infinity && nextMs <= nowMs) {
        results.push(text)
        window.nextMs = Infinity
      }
      if (endMs - 1 > nowMs) continue
      results.push(text)
      windows.delete(name)
    }
  }
  return results
}

testRelations<Early>({
  name: 'WIN-18 early results by event time',
  descriptions: fc.record({
    sizeMs: fc.integer({ min: 20, max: 60 }),
    intervalMs: fc.integer({ min: 2, max: 20 }),
  }),
  relations: withIdleInput(IN_ONE_ORDER),
  items: { boundMs: BOUND_MS },
  build: early,
  expected: earlyReference,
  canaries: {
    'there are no early results': (parts, { sizeMs }) =>
      texts(keyedItems(parts).window(tumblingEventTimeWindows(sizeMs))),
  },
})

/** A batch is over at its second record, or 150 ms after its first: at the second step from it. */
function byClockReference(steps: readonly Step[]): readonly string[] {
  return [...new Set(itemsOf(steps).map(({ key }) => key))].flatMap((key) => {
    const batches: Item[][] = []
    let open: { readonly sinceStep: number; readonly items: Item[] } | undefined
    for (const [index, [items]] of steps.entries()) {
      if (open !== undefined && index - open.sinceStep >= 2) open = undefined
      for (const item of items.filter((one) => one.key === key)) {
        if (open === undefined) {
          open = { sinceStep: index, items: [] }
          batches.push(open.items)
        }
        open.items.push(item)
        if (open.items.length === 3) open = undefined
      }
    }
    return batches.map((batch) => `${key} ${batch.map(({ id }) => id)}`)
  })
}

const batches = (parts: JobParts, timeMs: number): DataStream<string> =>
  texts(keyedItems(parts).window(globalWindows()).trigger(countOrTimeTrigger(3, timeMs)))

testRelations<Record<string, never>>(
  {
    name: 'WIN-19 count-or-time trigger by the clock',
    descriptions: fc.constant({}),
    relations: BY_CLOCK,
    items: { countMax: 12 },
    build: (parts) => batches(parts, 150),
    expected: (_, steps) => byClockReference(steps),
    canaries: { 'batches wait for longer': (parts) => batches(parts, 250) },
  },
  16,
)
