import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { highestRate } from './highest-rate.ts'
import { LagGrowth } from './lag-growth.ts'

describe('the search for the highest rate (BEN-07)', () => {
  it('finds it to within the tolerance, in few runs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 1, max: 1e7, noNaN: true }), async (limit) => {
        let runs = 0
        const isSustained = async (rate: number): Promise<boolean> => {
          runs++
          return rate <= limit
        }
        const search = { from: 10_000, atMost: 1e9, tolerance: 0.05 }
        const found = await highestRate(isSustained, search)
        expect(found).toBeLessThanOrEqual(limit)
        expect(found).toBeGreaterThanOrEqual(limit / 1.05)
        expect(runs).toBeLessThan(25)
      }),
      { seed: 23 },
    )
  })

  it('ends where everything is sustained', async () => {
    const search = { from: 1, atMost: 1_000, tolerance: 0.05 }
    expect(await highestRate(async () => true, search)).toBeGreaterThan(900)
  })
})

describe('LagGrowth', () => {
  /** A job that does `capacity` records in the time in which `rate` come, and stops once. */
  function isSteady(rate: number, capacity: number, pauseMs: number): boolean {
    const records = 10 * rate
    const lag = new LagGrowth(records)
    let doneMs = 0
    for (let record = 1; record <= records; record++) {
      const dueMs = (record * 1_000) / rate
      if (record === records / 2) doneMs += pauseMs
      doneMs = Math.max(dueMs, doneMs) + 1_000 / capacity
      lag.add(doneMs - dueMs)
    }
    return lag.isSteady
  }

  it('tells a rate above what can be done, and no pause, from one below', () => {
    expect(isSteady(10_000, 10_500, 0)).toBe(true)
    expect(isSteady(10_000, 20_000, 500)).toBe(true)
    expect(isSteady(10_000, 9_900, 0)).toBe(false)
    expect(isSteady(10_000, 5_000, 0)).toBe(false)
  })
})
