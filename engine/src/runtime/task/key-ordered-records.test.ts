import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareBytes } from '../../types/compare-bytes.ts'
import { encodeKey } from '../../types/key-encoding.ts'
import { KeyOrderedRecords } from './key-ordered-records.ts'

const key = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, 0, -0, 1, 'a', 'b', 'ü'),
  fc.record({ x: fc.nat(2) }),
)
const timestampMs = fc.constantFrom(Number.NaN, -5, 0, 1, 2, 3)

test('BAT-07 records come in the order of key bytes, timestamp, arrival; without key by arrival', () => {
  const property = fc.property(fc.array(fc.tuple(key, timestampMs)), (drawn) => {
    const records = new KeyOrderedRecords()
    drawn.forEach(([of, atMs], index) => {
      records.add(of, index, atMs)
    })
    const runs = records.sort()
    const order = [...records.order].map((record) => records.values[record] as number)
    const timeOf = (index: number): number => {
      const [of, atMs] = drawn[index] as [unknown, number]
      return of === undefined || Number.isNaN(atMs) ? Number.NEGATIVE_INFINITY : atMs
    }
    const bytesOf = (index: number): Uint8Array => encodeKey(drawn[index]?.[0])
    const expected = drawn
      .map((_, index) => index)
      .sort((left, right) => {
        const byKey = compareBytes(bytesOf(left), bytesOf(right))
        if (byKey !== 0) return byKey
        if (timeOf(left) !== timeOf(right)) return timeOf(left) < timeOf(right) ? -1 : 1
        return left - right
      })
    expect(order).toEqual(expected)
    const keysOfRuns = runs.map(({ start, end }) => {
      const keys = order.slice(start, end).map((index) => bytesOf(index).join())
      expect(new Set(keys).size).toBe(1)
      return keys[0]
    })
    expect(new Set(keysOfRuns).size).toBe(runs.length)
    expect(runs.at(-1)?.end ?? 0).toBe(drawn.length)
  })
  fc.assert(property, { seed: 7, numRuns: 300 })
})
