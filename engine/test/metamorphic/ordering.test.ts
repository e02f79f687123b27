import fc from 'fast-check'
import { type DataStream, type Difference, outputTag } from '../../src/index.ts'
import { itemsOf, withWatermarks } from './reference-events.ts'
import { testRelations } from './relations.ts'
import {
  IN_ANY_ORDER,
  IN_ONE_ORDER,
  ITEM,
  type Item,
  type JobParts,
  keyedItems,
  type Step,
  withIdleInput,
} from './subject.ts'

const orderedBy = (result: string): string => result.split(' ')[0] as string

type Nothing = Record<string, never>

const nothing: fc.Arbitrary<Nothing> = fc.constant({})

const times = (stream: DataStream<Item>): DataStream<string> =>
  stream.map(({ key, atMs }) => `${key} ${atMs}`)

testRelations<Nothing>({
  name: 'PRO-11 sorting by event time, whatever the order of arrival',
  descriptions: nothing,
  relations: withIdleInput(IN_ANY_ORDER),
  orderedBy,
  build: (parts) => times(keyedItems(parts).sortByEventTime({ type: ITEM })),
  expected: (_, steps) =>
    itemsOf(steps)
      .toSorted((left, right) => left.atMs - right.atMs)
      .map(({ key, atMs }) => `${key} ${atMs}`),
  canaries: { 'nothing is sorted': (parts) => times(keyedItems(parts).map((item) => item)) },
})

const late = outputTag<Item>('late')

const BOUND_MS = 8

function sortedAndLate(parts: JobParts): DataStream<string> {
  const sorted = keyedItems(parts).sortByEventTime({ type: ITEM, lateTag: late })
  const text = ({ key, id }: Item): string => `${key} ${id}`
  return sorted.map(text).union(sorted.getSideOutput(late).map((item) => `late-${text(item)}`))
}

/** Records of one timestamp leave in the order in which they came. */
function sortedReference(steps: readonly Step[]): readonly string[] {
  const results: string[] = []
  let waiting: Item[] = []
  let nowMs = Number.NEGATIVE_INFINITY
  for (const event of withWatermarks(steps, BOUND_MS)) {
    if ('item' in event) {
      const { item } = event
      if (item.atMs > nowMs) waiting.push(item)
      else results.push(`late-${item.key} ${item.id}`)
      continue
    }
    nowMs = event.watermarkMs
    const due = waiting.filter(({ atMs }) => atMs <= nowMs)
    waiting = waiting.filter(({ atMs }) => atMs > nowMs)
    results.push(
      ...due.toSorted((left, right) => left.atMs - right.atMs).map(({ key, id }) => `${key} ${id}`),
    )
  }
  return results
}

testRelations<Nothing>({
  name: 'PRO-11 late records of a sort by event time',
  descriptions: nothing,
  relations: withIdleInput(IN_ONE_ORDER),
  items: { boundMs: BOUND_MS, lastMs: 30 },
  orderedBy,
  build: sortedAndLate,
  expected: (_, steps) => sortedReference(steps),
  canaries: {
    'late records are dropped': (parts) =>
      keyedItems(parts)
        .sortByEventTime({ type: ITEM })
        .map(({ key, id }) => `${key} ${id}`),
  },
})

interface Meter {
  readonly kind: 'counter' | 'gauge'
}

const compared = (parts: JobParts, { kind }: Meter): DataStream<string> =>
  keyedItems(parts)
    .difference((item) => item.n, { kind })
    .map(textOf)

function textOf(one: Difference<Item, string>): string {
  const { key, record, previous, difference, ratePerSecond, isReset } = one
  return `${key} ${record.id} ${previous} ${difference} ${ratePerSecond} ${isReset}`
}

function comparedReference({ kind }: Meter, steps: readonly Step[]): readonly string[] {
  const last = new Map<string, Item>()
  return itemsOf(steps).map((record) => {
    const { key, n, atMs } = record
    const before = last.get(key)
    last.set(key, record)
    const isReset = kind === 'counter' && before !== undefined && n < before.n
    const from = before === undefined || isReset ? (kind === 'counter' ? 0 : n) : before.n
    const seconds = before === undefined ? 0 : (atMs - before.atMs) / 1_000
    return textOf({
      key,
      record,
      value: n,
      previous: before?.n,
      difference: n - from,
      ratePerSecond: seconds > 0 ? ((n - from) / (atMs - (before?.atMs ?? 0))) * 1_000 : undefined,
      isReset,
    })
  })
}

testRelations<Meter>({
  name: 'PRO-14 difference',
  descriptions: fc.record({ kind: fc.constantFrom('counter', 'gauge') }),
  relations: withIdleInput(IN_ONE_ORDER),
  orderedBy,
  build: compared,
  expected: comparedReference,
  canaries: { 'counters never begin anew': (parts) => compared(parts, { kind: 'gauge' }) },
})
