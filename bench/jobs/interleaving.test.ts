import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interleaving } from './interleaving.ts'

describe('interleaving', () => {
  it('gives each index once, and all subtasks side by side', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(50), (parallelism, share) => {
        const records = parallelism * share
        const indexOf = interleaving({ records, parallelism })
        const indexes = Array.from({ length: records }, (_, n) => indexOf(n))
        expect(indexes.toSorted((left, right) => left - right)).toEqual([...indexes.keys()])
        for (const [n, index] of indexes.entries()) {
          expect(Math.floor(index / parallelism)).toBe(n % share)
        }
      }),
      { seed: 31 },
    )
  })

  it('refuses what cannot be dealt evenly', () => {
    expect(() => interleaving({ records: 7, parallelism: 2 })).toThrow('dealt evenly')
  })
})
