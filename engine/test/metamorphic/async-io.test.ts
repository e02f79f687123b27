import fc from 'fast-check'
import {
  asyncDataStream,
  type DataStream,
  fixedDelayRetry,
  tumblingEventTimeWindows,
} from '../../src/index.ts'
import { itemsOf } from './reference-events.ts'
import { groupsOf } from './reference-groups.ts'
import { testRelations } from './relations.ts'
import { IN_ANY_ORDER, IN_ONE_ORDER, ITEM, type Item, type JobParts } from './subject.ts'

interface Lookups {
  readonly capacity: number
  readonly maxRetries: number
  readonly delayMs: number
  /** An answer takes so long times the `n` of its record, modulo 5. */
  readonly answerMs: number
}

const descriptions: fc.Arbitrary<Lookups> = fc.record({
  capacity: fc.integer({ min: 1, max: 8 }),
  maxRetries: fc.nat(3),
  delayMs: fc.integer({ min: 0, max: 5 }),
  answerMs: fc.integer({ min: 0, max: 4 }),
})

/** A request fails as often as this before it gets an answer; 9 never gets one. */
const failuresOf = ({ n }: Item): number => (n === 9 ? Number.POSITIVE_INFINITY : n % 3)

/** Records that never get an answer are skipped. */
const isAnswered = (item: Item, { maxRetries }: Lookups): boolean => failuresOf(item) <= maxRetries

function lookUp(
  { env, items, later }: JobParts,
  { capacity, maxRetries, delayMs, answerMs }: Lookups,
  wait: 'orderedWait' | 'unorderedWait',
): DataStream<Item> {
  env.configure({ 'pipeline.record-error-policy': 'skip' })
  const tries = new Map<number, number>()
  const ask = (item: Item): Promise<Item> => {
    const before = tries.get(item.id) ?? 0
    const isRefused = before < failuresOf(item)
    tries.set(item.id, isRefused ? before + 1 : 0)
    return later(answerMs * (item.n % 5), isRefused ? new Error('busy') : item)
  }
  const retry = fixedDelayRetry<Item>({ maxRetries, delayMs })
  const keyed = items(0).keyBy((item) => item.key) // the requests of a key are made in one subtask
  return asyncDataStream[wait](keyed, ask, { capacity, retry, type: ITEM })
}

testRelations<Lookups>({
  name: 'DST-17, DST-18, DST-19 ordered requests with retries',
  descriptions,
  // What is under way is dealt out anew after a rescale, without regard to keys, as Flink does.
  relations: IN_ONE_ORDER.filter((relation) => relation !== 'rescale'),
  orderedBy: (result) => result.split(' ')[0] as string,
  build: (parts, lookups) => texts(lookUp(parts, lookups, 'orderedWait')),
  expected: (lookups, steps) =>
    itemsOf(steps)
      .filter((item) => isAnswered(item, lookups))
      .map(({ key, id }) => `${key} ${id}`),
  canaries: {
    'answers are emitted as they come': (parts, lookups) =>
      texts(lookUp(parts, lookups, 'unorderedWait')),
    'there is one retry more': (parts, lookups) =>
      texts(lookUp(parts, { ...lookups, maxRetries: lookups.maxRetries + 1 }, 'orderedWait')),
  },
})

function texts(stream: DataStream<Item>): DataStream<string> {
  return stream.map(({ key, id }) => `${key} ${id}`)
}

/** Sums of windows behind the requests: a watermark that overtook a record would make it late. */
function sums(stream: DataStream<Item>): DataStream<string> {
  return stream
    .returns(ITEM)
    .keyBy((item) => item.key)
    .window(tumblingEventTimeWindows(20))
    .process<string>((key, { window }, items, out) =>
      out.collect(`${key} ${window.startMs} ${[...items].map(({ id }) => id).sort()}`),
    )
}

testRelations<Lookups>({
  name: 'DST-17, DST-19, TIM-19 unordered requests before windows',
  descriptions,
  relations: IN_ANY_ORDER,
  build: (parts, lookups) => sums(lookUp(parts, lookups, 'unorderedWait')),
  expected: (lookups, steps) =>
    groupsOf(
      itemsOf(steps).filter((item) => isAnswered(item, lookups)),
      { kind: 'tumbling', sizeMs: 20, offsetMs: 0 },
    ).map(({ key, startMs, items }) => `${key} ${startMs} ${items.map(({ id }) => id).sort()}`),
  canaries: {
    'answers come without timestamps': (parts, lookups) =>
      sums(
        lookUp(parts, lookups, 'unorderedWait').process<Item>({
          processElement: (item, ctx, out) => {
            if (ctx.timestamp() % 7 !== 0) out.collect(item)
          },
        }),
      ),
  },
})
