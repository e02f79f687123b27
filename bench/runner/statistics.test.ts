import { describe, expect, it } from 'vitest'
import { median, medianAbsoluteDeviation } from './statistics.ts'

describe('statistics', () => {
  it('takes the middle of an odd number of values, in any order', () => {
    expect(median([9, 1, 10])).toBe(9)
  })

  it('takes the mean of the two in the middle of an even number', () => {
    expect(median([10, 2, 1, 4])).toBe(3)
  })

  it('refuses to make a figure of nothing', () => {
    expect(() => median([])).toThrow(RangeError)
  })

  it('measures spread without minding an outlier', () => {
    expect(medianAbsoluteDeviation([10, 11, 9, 10, 1_000])).toBe(1)
    expect(medianAbsoluteDeviation([5])).toBe(0)
  })
})
