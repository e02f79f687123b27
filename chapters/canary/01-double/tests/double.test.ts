import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { double } from '#exercise/canary/01-double'

describe('step 1: doubles', () => {
  it('any number', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(double(value)).toBe(value + value)
      }),
    )
  })
})
