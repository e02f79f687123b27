import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EntryTrail } from './entry-trail.ts'
import type { EntryOwner } from './heap-entries.ts'
import { HeapEntry } from './heap-entry.ts'
import { MapEntries } from './map-entries.ts'
import { SnapshotLine } from './snapshot-line.ts'

const TABLES = 3

const KEYS = ['a', 'b', 'c', Number.NaN, null, 7] as const

const step = fc.record({
  on: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('get' as const, 'put' as const, 'fold' as const) },
    { weight: 2, arbitrary: fc.constant('remove' as const) },
    { weight: 1, arbitrary: fc.constant('move' as const) },
  ),
  table: fc.nat(TABLES - 1),
  key: fc.constantFrom(...KEYS),
  value: fc.nat(100),
})

const steps = fc.array(step, { maxLength: 80, size: 'max' })

const settings = { seed: 20261128, numRuns: 500 }

function owner(): EntryOwner<number> {
  return { line: new SnapshotLine(), serialize: () => {} }
}

function entriesOn(trail: EntryTrail): MapEntries<number> {
  return new MapEntries<number>(owner(), Number.POSITIVE_INFINITY, trail)
}

test('maps on one trail hold what maps of JavaScript hold, in whatever order they are used', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const trail = new EntryTrail()
      const tables = Array.from({ length: TABLES }, () => entriesOn(trail))
      const references = tables.map(() => new Map<unknown, number>())
      for (const { on, table, key, value } of all) {
        const entries = tables[table] as MapEntries<number>
        const reference = references[table] as Map<unknown, number>
        const before = reference.get(key)
        if (on === 'put') {
          if (!entries.update(key, value)) entries.insert(key, key, value, 0)
          reference.set(key, value)
        } else if (on === 'fold') {
          const isThere = entries.fold(key, value, (old, input) => (old ?? 0) + input)
          expect(isThere).toBe(before !== undefined)
          if (before !== undefined) reference.set(key, before + value)
        } else if (on === 'remove') {
          expect(entries.remove(key)).toBe(reference.delete(key))
        } else if (on === 'move') {
          const moved = entriesOn(trail)
          entries.moveTo(moved)
          tables[table] = moved
        }
        for (let k = 0; k < TABLES; k++) {
          expect(tables[k]?.get(key)).toBe(references[k]?.get(key))
        }
      }
      for (let k = 0; k < TABLES; k++) {
        const visited = new Map<unknown, number>()
        tables[k]?.forEach((key, value) => visited.set(key, value))
        expect([...visited]).toEqual([...(references[k] as Map<unknown, number>)])
      }
    }),
    settings,
  )
})

test('the second time a key is used, one lookup leads to all of its entries', () => {
  const trail = new EntryTrail()
  const homes = [{}, {}, {}]
  const entriesOf = (key: string) => homes.map((home, k) => new HeapEntry(key, k, 0, home))
  const found = { a: entriesOf('a'), b: entriesOf('b') }
  for (const key of ['a', 'b'] as const) {
    for (const each of found[key]) trail.goTo(each, key)
  }
  for (const key of ['a', 'b'] as const) {
    const [first, second, third] = found[key] as [HeapEntry<number>, HeapEntry<number>, never]
    expect(trail.follow(homes[0] as object, key)).toBeUndefined()
    trail.goTo(first, key)
    expect(trail.follow(homes[1] as object, key)).toBe(second)
    expect(trail.follow(homes[2] as object, key)).toBe(third)
    expect(trail.follow(homes[2] as object, key)).toBe(third)
    second.leave()
    trail.goTo(first, key)
    expect(trail.follow(homes[1] as object, key)).toBeUndefined()
  }
})

test('a trail keeps nothing alive of what was removed', () => {
  const trail = new EntryTrail()
  const homes = [{}, {}]
  const first = new HeapEntry('a', { large: 'one' }, 0, homes[0] as object)
  const second = new HeapEntry('a', { large: 'other' }, 0, homes[1] as object)
  trail.goTo(first, 'a')
  trail.goTo(second, 'a')
  second.leave()
  expect(first.next).toBe(second)
  expect(second).toMatchObject({ home: undefined, next: undefined, value: undefined })
  trail.goTo(first, 'a')
  expect(second.next).toBeUndefined()
})

test('a trail leads nowhere once entries have moved, and so keeps no old map alive', () => {
  const trail = new EntryTrail()
  const entries = entriesOn(trail)
  entries.insert('a', 'a', 1, 0)
  expect(entries.get('a')).toBe(1)
  expect(trail.follow(entries, 'a')).toMatchObject({ home: entries })
  entries.moveTo(entriesOn(trail))
  expect(trail.follow(entries, 'a')).toBeUndefined()
})

test('who visits all entries sees their values even if that moves them', () => {
  const trail = new EntryTrail()
  const entries = entriesOn(trail)
  for (const key of ['a', 'b', 'c']) entries.insert(key, key, key.charCodeAt(0), 0)
  const visited: [unknown, number][] = []
  entries.forEach((key, value) => {
    if (visited.length === 0) entries.moveTo(entriesOn(trail))
    visited.push([key, value])
  })
  expect(visited).toEqual([
    ['a', 97],
    ['b', 98],
    ['c', 99],
  ])
})
