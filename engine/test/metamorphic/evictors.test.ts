import fc from 'fast-check'
import {
  countEvictor,
  countTrigger,
  type DataStream,
  deltaEvictor,
  type Evictor,
  globalWindows,
  timeEvictor,
} from '../../src/index.ts'
import type { Window } from '../../src/spi.ts'
import { itemsOf } from './reference-events.ts'
import { testRelations } from './relations.ts'
import { IN_ONE_ORDER, type Item, type JobParts, keyedItems, withIdleInput } from './subject.ts'

interface Eviction {
  readonly kind: 'count' | 'time' | 'delta'
  readonly limit: number
  readonly when: 'before' | 'after'
  /** The window fires each so many records. */
  readonly every: number
}

const apart = (left: Item, right: Item): number => Math.abs(left.n - right.n)

function evictorOf({ kind, limit, when }: Eviction): Evictor<Item, Window> {
  if (kind === 'count') return countEvictor(limit, { when })
  return kind === 'time' ? timeEvictor(limit * 5, { when }) : deltaEvictor(limit, apart, { when })
}

function evicted(parts: JobParts, eviction: Eviction): DataStream<string> {
  return keyedItems(parts)
    .window(globalWindows())
    .trigger(countTrigger(eviction.every))
    .evictor(evictorOf(eviction))
    .process<string>((key, _, items, out) =>
      out.collect(`${key} ${[...items].map(({ id }) => id)}`),
    )
}

function kept(items: readonly Item[], { kind, limit }: Eviction): readonly Item[] {
  if (kind === 'count') return items.slice(Math.max(0, items.length - limit))
  const newestMs = Math.max(...items.map(({ atMs }) => atMs))
  if (kind === 'time') return items.filter(({ atMs }) => atMs > newestMs - limit * 5)
  return items.filter((item) => apart(item, items.at(-1) as Item) < limit)
}

function reference(items: readonly Item[], eviction: Eviction): readonly (readonly Item[])[] {
  const results: (readonly Item[])[] = []
  let held: readonly Item[] = []
  for (const [index, item] of items.entries()) {
    held = [...held, item]
    if ((index + 1) % eviction.every !== 0) continue
    if (eviction.when === 'before') held = kept(held, eviction)
    results.push(held)
    if (eviction.when === 'after') held = kept(held, eviction)
  }
  return results
}

testRelations<Eviction>(
  {
    name: 'WIN-22 evictors',
    descriptions: fc.record({
      kind: fc.constantFrom('count', 'time', 'delta'),
      limit: fc.integer({ min: 1, max: 5 }),
      when: fc.constantFrom('before', 'after'),
      every: fc.integer({ min: 1, max: 4 }),
    }),
    relations: withIdleInput(IN_ONE_ORDER),
    orderedBy: (result) => result.split(' ')[0] as string,
    build: evicted,
    expected: (eviction, steps) =>
      [...Map.groupBy(itemsOf(steps), ({ key }) => key)].flatMap(([key, items]) =>
        reference(items, eviction).map((held) => `${key} ${held.map(({ id }) => id)}`),
      ),
    canaries: {
      'records are always taken out before': (parts, eviction) =>
        evicted(parts, { ...eviction, when: 'before' }),
      'the limit is off by one': (parts, eviction) =>
        evicted(parts, { ...eviction, limit: eviction.limit + 1 }),
    },
  },
  40,
)
