import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareBytes } from './compare-bytes.ts'
import { compareValues } from './compare-values.ts'
import { encodeKey } from './key-encoding.ts'

const values: fc.Arbitrary<unknown> = fc.oneof(
  fc.double(),
  fc.integer({ min: -2, max: 2 }),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.constantFrom(undefined, null, true, false, new Date(0), new Date(1), new Uint8Array([1])),
  fc.array(fc.oneof(fc.integer({ min: -1, max: 1 }), fc.string({ maxLength: 1 })), {
    maxLength: 3,
  }),
)

test('the order is that of the bytes of keys, whatever the kinds of both values', () => {
  fc.assert(
    fc.property(values, values, (left, right) => {
      const expected = Math.sign(compareBytes(encodeKey(left), encodeKey(right)))
      expect(Math.sign(compareValues(left, right))).toBe(expected)
      expect(Math.sign(compareValues(right, left)) + expected).toBe(0)
    }),
    { seed: 5, numRuns: 2_000 },
  )
})

test('NaN is the greatest number, and arrays are compared element by element', () => {
  expect([Number.NaN, 1, Number.POSITIVE_INFINITY, -1].sort(compareValues)).toEqual([
    -1,
    1,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ])
  expect([['b', 1], ['a', 2], ['a'], ['a', -2]].sort(compareValues)).toEqual([
    ['a'],
    ['a', -2],
    ['a', 2],
    ['b', 1],
  ])
})

test('what is not plain data is refused', () => {
  expect(() => compareValues(() => 1, 1)).toThrow(
    expect.objectContaining({ code: 'TYPE_MISMATCH' }),
  )
})
