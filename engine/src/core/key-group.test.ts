import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyGroupOf, keyGroupRangeOf, subtaskOfKeyGroup } from './key-group.ts'

const parallelisms = fc
  .integer({ min: 1, max: 600 })
  .chain((max) => fc.tuple(fc.constant(max), fc.integer({ min: 1, max })))

test('the ranges of all subtasks are contiguous, even, and cover every key group once', () => {
  fc.assert(
    fc.property(parallelisms, ([maxParallelism, parallelism]) => {
      let next = 0
      for (let subtask = 0; subtask < parallelism; subtask++) {
        const { first, last } = keyGroupRangeOf(subtask, maxParallelism, parallelism)
        expect(first).toBe(next)
        const size = last - first + 1
        expect(size).toBeGreaterThanOrEqual(Math.floor(maxParallelism / parallelism))
        expect(size).toBeLessThanOrEqual(Math.ceil(maxParallelism / parallelism))
        for (let keyGroup = first; keyGroup <= last; keyGroup++) {
          const owner = subtaskOfKeyGroup(keyGroup, maxParallelism, parallelism)
          if (owner !== subtask) expect([keyGroup, owner]).toEqual([keyGroup, subtask])
        }
        next = last + 1
      }
      expect(next).toBe(maxParallelism)
    }),
    { seed: 4 },
  )
})

test('the key group of a hash is below max parallelism', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.integer({ min: 1, max: 32_768 }),
      (hash, maxParallelism) => {
        const keyGroup = keyGroupOf(hash, maxParallelism)
        expect(Number.isInteger(keyGroup) && keyGroup >= 0 && keyGroup < maxParallelism).toBe(true)
      },
    ),
    { seed: 5 },
  )
})

test('more subtasks than key groups are refused', () => {
  expect(() => keyGroupRangeOf(0, 4, 5)).toThrowError(/parallelism 5 exceeds max parallelism 4/)
})
