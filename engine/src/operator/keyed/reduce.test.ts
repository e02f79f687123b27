import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { operatorHarness } from '../../testing/operator-harness.ts'
import { types } from '../../types/types.ts'
import { reduceOperator } from './reduce.ts'

type Pair = readonly [key: string, n: number]
const key = (pair: Pair): string => pair[0]
const add = (left: Pair, right: Pair): Pair => [left[0], left[1] + right[1]]

test('emits the value so far of each key', () => {
  const h = operatorHarness<Pair, Pair>({ operator: reduceOperator(add, key), keyBy: key })
  h.process(
    [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ],
    4,
  )
  expect(h.output).toEqual([
    ['a', 1],
    ['b', 2],
    ['a', 4],
  ])
  expect(h.stateEntries).toBe(2)
  h.close()
})

test('equals a fold per key, over restores and rescales', () => {
  const pairs = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 9 })), {
    maxLength: 20,
  })
  fc.assert(
    fc.property(pairs, (input) => {
      const h = operatorHarness<Pair, Pair>({ operator: reduceOperator(add, key), keyBy: key })
      h.process(input, 1)
      const sums = new Map<string, number>()
      const expected = input.map(([k, n]) => {
        sums.set(k, (sums.get(k) ?? 0) + n)
        return [k, sums.get(k)]
      })
      expect(h.output).toEqual(expected)
      h.close()
    }),
    { seed: 11, numRuns: 30 },
  )
})

test('a function object and a type for the state', () => {
  const concat = { reduce: (left: string, right: string) => left + right }
  const operator = reduceOperator(concat, () => 'all', types.string)
  const h = operatorHarness<string, string>({ operator, keyBy: () => 'all' })
  h.process(['a', 'b'])
  expect(h.output).toEqual(['a', 'ab'])
  h.close()
})

test('a failing record leaves the state of its key as it was', () => {
  const strict = (left: Pair, right: Pair): Pair => {
    if (right[1] < 0) throw new Error('negative')
    return add(left, right)
  }
  const h = operatorHarness<Pair, Pair>({
    operator: reduceOperator(strict, key),
    keyBy: key,
    recordErrorPolicy: 'skip',
  })
  h.process([
    ['a', 1],
    ['a', -5],
    ['a', 2],
  ])
  expect(h.output).toEqual([
    ['a', 1],
    ['a', 3],
  ])
  h.close()
})

test('a record without key is reported with the record', () => {
  const noKey = (): string => undefined as unknown as string
  const h = operatorHarness<Pair, Pair>({
    operator: reduceOperator(add, noKey),
    keyBy: () => 'x',
    modes: ['plain'],
  })
  expect(() => h.process([['a', 1]])).toThrow(
    expect.objectContaining({
      code: ErrorCode.USER_FUNCTION,
      message: expect.stringMatching(/key selector returned undefined.*Record: \["a",1\]/s),
    }),
  )
})
