import { describe, expect, it } from 'vitest'
import { compareNumbers } from './number-type.ts'
import { types } from './types.ts'

/** All special doubles from below, -0 and 0 apart, NaN above Infinity. */
const ASCENDING = [
  Number.NEGATIVE_INFINITY,
  -Number.MAX_VALUE,
  -1,
  -Number.MIN_VALUE,
  -0,
  0,
  Number.MIN_VALUE,
  1,
  Number.MAX_VALUE,
  Number.POSITIVE_INFINITY,
  Number.NaN,
]

describe('number', () => {
  it('has a total order', () => {
    for (let i = 0; i < ASCENDING.length; i++) {
      for (let j = 0; j < ASCENDING.length; j++) {
        const order = compareNumbers(ASCENDING[i]!, ASCENDING[j]!)
        expect(Math.sign(order)).toBe(Math.sign(i - j))
        expect(types.number.equals(ASCENDING[i]!, ASCENDING[j]!)).toBe(i === j)
      }
    }
  })

  it('orders dates alike, the invalid one above all', () => {
    const [early, late, invalid] = [new Date(-1), new Date(0), new Date(Number.NaN)]
    expect(types.date.compare(early, late)).toBeLessThan(0)
    expect(types.date.compare(late, invalid)).toBeLessThan(0)
    expect(types.date.equals(invalid, new Date(Number.NaN))).toBe(true)
  })
})
