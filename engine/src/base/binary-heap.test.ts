import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BinaryHeap } from './binary-heap.ts'

const before = (left: number, right: number): boolean => left < right

test('gives out what is in it, smallest first, whatever was pushed and popped between', () => {
  const step = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant('pop' as const))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const heap = new BinaryHeap<number>(before)
      const sorted: number[] = []
      for (const step of steps) {
        if (step === 'pop') {
          expect(heap.peek()).toBe(sorted[0])
          expect(heap.pop()).toBe(sorted.shift())
        } else {
          heap.push(step)
          sorted.push(step)
          sorted.sort((left, right) => left - right)
        }
        expect(heap.size).toBe(sorted.length)
      }
    }),
    { seed: 1, numRuns: 200 },
  )
})

test('retain drops elements and restores an order that has changed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 60 }), (values) => {
      const heap = new BinaryHeap<{ at: number }>((left, right) => left.at < right.at)
      for (const at of values) heap.push({ at })
      heap.forEach((element) => {
        element.at = 100 - element.at
      })
      heap.retain((element) => element.at % 3 !== 0)
      const expected = values.map((at) => 100 - at).filter((at) => at % 3 !== 0)
      expected.sort((left, right) => left - right)
      expect(expected.map(() => heap.pop()?.at)).toEqual(expected)
      expect(heap.pop()).toBeUndefined()
    }),
    { seed: 2, numRuns: 200 },
  )
})
