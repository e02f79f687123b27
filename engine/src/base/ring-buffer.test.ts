import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RingBuffer } from './ring-buffer.ts'

test('is a queue: equals an array under any sequence of push, shift, peek and clear', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ push: fc.integer() }) },
    { weight: 5, arbitrary: fc.constant('shift' as const) },
    { weight: 1, arbitrary: fc.constant('clear' as const) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const ring = new RingBuffer<number>(2)
      let model: number[] = []
      for (const operation of steps) {
        if (operation === 'shift') expect(ring.shift()).toBe(model.shift())
        else if (operation === 'clear') {
          ring.clear()
          model = []
        } else {
          ring.push(operation.push)
          model.push(operation.push)
        }
        expect(ring.length).toBe(model.length)
        expect(ring.peek()).toBe(model[0])
      }
    }),
    { seed: 1 },
  )
})
