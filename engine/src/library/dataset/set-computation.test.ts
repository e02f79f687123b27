import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareValues } from '../../types/compare-values.ts'
import { types } from '../../types/types.ts'
import { orderBy } from './record-order.ts'
import {
  aggregateSet,
  firstInOrder,
  firstRecords,
  reduceSet,
  type SetComputationFactory,
} from './set-computation.ts'

interface Item {
  readonly id: number
  readonly n: number
}

const itemType = types.row({ id: types.int, n: types.int })
const byN = orderBy<Item>(
  (item) => item.n,
  'descending',
  orderBy((item) => item.n > 3, 'ascending'),
)

const listOf = {
  createAccumulator: (): number[] => [],
  add(item: Item, list: number[]): number[] {
    list.push(item.id)
    return list
  },
  getResult: (list: number[]): number[] => list,
  merge(left: number[], right: number[]): number[] {
    left.push(...right)
    return left
  },
}

interface Case {
  readonly name: string
  readonly make: SetComputationFactory<Item, unknown>
  readonly expected: (items: readonly Item[]) => readonly unknown[]
}

const CASES: readonly Case[] = [
  {
    name: 'reduce',
    make: reduceSet<Item>((left, right) => (left.n >= right.n ? left : right), itemType),
    expected: (items) => [...items].sort((l, r) => r.n - l.n).slice(0, 1),
  },
  {
    name: 'aggregate',
    make: aggregateSet(listOf),
    expected: (items) => (items.length === 0 ? [] : [items.map(({ id }) => id)]),
  },
  {
    name: 'first',
    make: firstRecords<Item>(3, itemType),
    expected: (items) => items.slice(0, 3),
  },
  {
    name: 'first in order',
    make: firstInOrder<Item>(3, byN, itemType),
    expected: (items) =>
      [...items].sort((l, r) => Number(l.n > 3) - Number(r.n > 3) || r.n - l.n).slice(0, 3),
  },
]

/** The results of computing part by part; the parts are frozen, as records are. */
function inParts(make: SetComputationFactory<Item, unknown>, parts: Item[][]): unknown[] {
  const total = make()
  let value: unknown
  for (const part of parts) {
    const computation = make()
    let partValue: unknown
    for (const item of part) partValue = computation.fold(partValue, item)
    if (partValue !== undefined) value = total.absorb(value, Object.freeze(partValue))
  }
  const emitted: unknown[] = []
  if (value !== undefined) total.emit(value, { collect: (record) => void emitted.push(record) })
  return emitted
}

test.each(CASES)('$name in parts gives the same as over all, and changes no part', (one) => {
  const parts = fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 }))
  fc.assert(
    fc.property(parts, (numbers) => {
      let id = 0
      const items = numbers.map((part) => part.map((n) => ({ id: id++, n })))
      expect(inParts(one.make, items)).toEqual(one.expected(items.flat()))
    }),
    { seed: 9, numRuns: 300 },
  )
})

test('the first in order keep a list that does not grow with the records', () => {
  const { fold } = firstInOrder<number>(2, compareValues, types.int)()
  let list: unknown
  let longest = 0
  for (let n = 1_000; n > 0; n--) {
    list = fold(list, n)
    longest = Math.max(longest, (list as number[]).length)
  }
  expect(longest).toBeLessThanOrEqual(20)
  expect((list as number[]).slice().sort(compareValues).slice(0, 2)).toEqual([1, 2])
})
