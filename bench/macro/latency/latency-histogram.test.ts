import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LatencyHistogram } from './latency-histogram.ts'

describe('LatencyHistogram (BEN-07)', () => {
  it('gives percentiles to within 1 %, never below the true value', () => {
    const latencies = fc.array(fc.double({ min: 0, max: 100_000, noNaN: true }), { minLength: 1 })
    const shares = fc.constantFrom(0.5, 0.9, 0.99, 0.9999, 1)
    fc.assert(
      fc.property(latencies, shares, (values, share) => {
        const histogram = new LatencyHistogram()
        for (const value of values) histogram.add(value)
        const sorted = values.toSorted((left, right) => left - right)
        const exact = sorted[Math.ceil(share * values.length) - 1] as number
        const found = histogram.percentile(share)
        expect(found).toBeGreaterThanOrEqual(exact - 0.000_51)
        expect(found).toBeLessThanOrEqual(exact * 1.01 + 0.001)
      }),
      { seed: 11 },
    )
  })

  it('sums up', () => {
    const histogram = new LatencyHistogram()
    for (let ms = 1; ms <= 100; ms++) histogram.add(ms / 100)
    expect(histogram.summary()).toMatchObject({ max: 1, count: 100 })
    expect(() => new LatencyHistogram().percentile(0.5)).toThrow('no latencies')
  })
})
