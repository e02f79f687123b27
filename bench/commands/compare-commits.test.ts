import { describe, expect, it } from 'vitest'
import { sampleWith } from '../runner/sample-fixture.ts'
import type { ChildReport } from '../runner/suite.ts'
import { pairRatios } from './compare-commits.ts'

function reportsOf(...values: readonly (number | 'void')[]): readonly ChildReport[] {
  return values.map((value) => ({
    samples: { a: value === 'void' ? sampleWith({ void: 'busy' }) : sampleWith({ value }) },
    outputs: {},
    facts: {},
  }))
}

describe('pairRatios (BEN-17)', () => {
  it('is above 1 for what is worse', () => {
    const compared = { sample: 'a', case: 'a' }
    const [before, after] = [reportsOf(100, 100), reportsOf(80, 125)]
    expect(pairRatios(before, after, { ...compared, betterIs: 'higher' })).toEqual([1.25, 0.8])
    expect(pairRatios(before, after, { ...compared, betterIs: 'lower' })).toEqual([0.8, 1.25])
  })

  it('pairs valid samples only', () => {
    const compared = { sample: 'a', case: 'a', betterIs: 'lower' } as const
    const [before, after] = [reportsOf('void', 100, 200), reportsOf(110, 'void', 220, 230)]
    expect(pairRatios(before, after, compared)).toEqual([1.1, 1.1])
  })
})
