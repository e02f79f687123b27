import fc from 'fast-check'
import { type IntervalJoined, outputTag, types } from '../../src/index.ts'
import { itemsOf } from './reference-events.ts'
import { testRelations } from './relations.ts'
import {
  BY_CLOCK,
  IN_ANY_ORDER,
  ITEM,
  type Item,
  type JobParts,
  keyedItems,
  type Step,
} from './subject.ts'

interface Bounds {
  readonly lowerMs: number
  readonly upperMs: number
  readonly lowerExclusive: boolean
  readonly upperExclusive: boolean
}

const bounds: fc.Arbitrary<Bounds> = fc
  .record({
    lowerMs: fc.integer({ min: -20, max: 20 }),
    lengthMs: fc.integer({ min: 2, max: 30 }),
    lowerExclusive: fc.boolean(),
    upperExclusive: fc.boolean(),
  })
  .map(({ lengthMs, ...rest }) => ({ ...rest, upperMs: rest.lowerMs + lengthMs }))

function joined(parts: JobParts, { lowerMs, upperMs }: Bounds): IntervalJoined<Item, Item> {
  const right = parts.items(1).keyBy((item) => item.key, types.string)
  return keyedItems(parts).intervalJoin(right).between(lowerMs, upperMs).types(ITEM, ITEM)
}

function withExclusive(join: IntervalJoined<Item, Item>, bounds: Bounds): typeof join {
  const lower = bounds.lowerExclusive ? join.lowerBoundExclusive() : join
  return bounds.upperExclusive ? lower.upperBoundExclusive() : lower
}

const pairs = (join: IntervalJoined<Item, Item>) =>
  join.process<string>((left, right, ctx, out) =>
    out.collect(`${left.id} ${right.id} at ${ctx.timestampMs}`),
  )

function isPair(left: Item, right: Item, bounds: Bounds): boolean {
  const apartMs = right.atMs - left.atMs
  const { lowerMs, upperMs, lowerExclusive, upperExclusive } = bounds
  const fromMs = lowerExclusive ? lowerMs + 1 : lowerMs
  const toMs = upperExclusive ? upperMs - 1 : upperMs
  return left.key === right.key && apartMs >= fromMs && apartMs <= toMs
}

const pairText = (left: Item, right: Item): string =>
  `${left.id} ${right.id} at ${Math.max(left.atMs, right.atMs)}`

testRelations<Bounds>({
  name: 'DST-15 interval join',
  descriptions: bounds,
  relations: IN_ANY_ORDER,
  items: { boundMs: 4, lastMs: 40, keyCount: 2 },
  build: (parts, bounds) => pairs(withExclusive(joined(parts, bounds), bounds)),
  expected: (bounds, steps) =>
    itemsOf(steps, 0).flatMap((left) =>
      itemsOf(steps, 1)
        .filter((right) => isPair(left, right, bounds))
        .map((right) => pairText(left, right)),
    ),
  canaries: {
    'both bounds are inclusive': (parts, bounds) => pairs(joined(parts, bounds)),
    'the upper bound is off by one': (parts, bounds) =>
      pairs(withExclusive(joined(parts, { ...bounds, upperMs: bounds.upperMs + 1 }), bounds)),
  },
})

const lateLeft = outputTag<Item>('late-left')
const lateRight = outputTag<Item>('late-right')

function pairsAndLate(join: IntervalJoined<Item, Item>) {
  const results = pairs(join.sideOutputLeftLateData(lateLeft).sideOutputRightLateData(lateRight))
  return results.union(
    results.getSideOutput(lateLeft).map(({ id }) => `late left ${id}`),
    results.getSideOutput(lateRight).map(({ id }) => `late right ${id}`),
  )
}

/** The inputs take turns, so what is late follows from the lower of both watermarks. */
function lateReference(bounds: Bounds, steps: readonly Step[], boundMs: number): readonly string[] {
  const results: string[] = []
  const watermarksMs = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const seen: [Item[], Item[]] = [[], []]
  for (const [input, item] of steps.flatMap((step) =>
    step.flatMap((items, input) => items.map((item) => [input as 0 | 1, item] as const)),
  )) {
    if (item.atMs <= Math.min(...watermarksMs)) {
      results.push(`late ${input === 0 ? 'left' : 'right'} ${item.id}`)
    } else {
      seen[input].push(item)
      for (const other of seen[input === 0 ? 1 : 0]) {
        const [left, right] = input === 0 ? [item, other] : [other, item]
        if (isPair(left, right, bounds)) results.push(pairText(left, right))
      }
    }
    watermarksMs[input] = Math.max(watermarksMs[input] as number, item.atMs - boundMs - 1)
  }
  return results
}

testRelations<Bounds>(
  {
    name: 'DST-15 late records of an interval join',
    descriptions: bounds,
    relations: BY_CLOCK,
    items: { takesTurns: true, boundMs: 5, lastMs: 60 },
    build: (parts, bounds) => pairsAndLate(withExclusive(joined(parts, bounds), bounds)),
    expected: (bounds, steps) => lateReference(bounds, steps, 5),
    canaries: {
      'late records of the right are dropped': (parts, bounds) => {
        const join = withExclusive(joined(parts, bounds), bounds).sideOutputLeftLateData(lateLeft)
        const results = pairs(join)
        return results.union(results.getSideOutput(lateLeft).map(({ id }) => `late left ${id}`))
      },
    },
  },
  80,
)
