import { expect, test } from 'vitest'
import { canonicalText } from './canonical-text.ts'
import { multisetDifference } from './multiset-difference.ts'

class Point {
  readonly x: number
  constructor(x: number) {
    this.x = x
  }
}

test('equal values have one text, whatever the order of their fields and entries', () => {
  expect(canonicalText({ b: 1, a: [2, undefined], c: undefined })).toBe(
    canonicalText({ a: [2, undefined], b: 1 }),
  )
  const pairs: [string, number][] = [
    ['x', 1],
    ['y', 2],
  ]
  expect(canonicalText(new Map(pairs))).toBe(canonicalText(new Map(pairs.toReversed())))
  expect(canonicalText(new Set([1, 2]))).toBe(canonicalText(new Set([2, 1])))
})

test('different values have different texts', () => {
  const values = [
    ...[0, -0, NaN, 1, '1', 1n, true, 'true', null, undefined, 'null', '', [], {}, [[]]],
    ...[[1, 2], [12], ['1', '2'], { a: 1 }, { a: '1' }, { 0: 1 }, new Point(1), { x: 1 }],
    ...[new Date(1), new Map([[1, 2]]), new Map([['1', 2]]), new Set([1]), new Set(['1'])],
    ...[new Uint8Array([1]), new Int8Array([1]), new Float64Array([1, 2])],
  ]
  expect(new Set(values.map(canonicalText)).size).toBe(values.length)
})

test('a multiset difference counts occurrences on both sides', () => {
  expect(multisetDifference(['a', 'b', 'b', 'c'], ['b', 'd', 'a', 'a'])).toEqual({
    missing: ['b', 'c'],
    extra: ['d', 'a'],
  })
})
