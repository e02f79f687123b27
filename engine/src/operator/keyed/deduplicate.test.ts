import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import { operatorHarness } from '../../testing/operator-harness.ts'
import { runInAllModes } from '../../testing/run-in-all-modes.ts'
import { type DeduplicateOptions, deduplicateOperator } from './deduplicate.ts'

interface Order {
  readonly id: string
  readonly n: number
}

const idOf = (order: Order): string => order.id
const order = (id: string, n: number): Order => ({ id, n })
const passed = (records: readonly unknown[]): string =>
  records.map((one) => `${(one as Order).id}${(one as Order).n}`).join(' ')

const options = (more: DeduplicateOptions) => ({
  operator: deduplicateOperator<string, Order>(idOf, more),
  keyBy: idOf,
})
const file = ['a', 'b', 'a', 'c'].map((id, n) => order(id, n))

describe('by the clock', () => {
  test('a file that is read twice within the time gives each id once; after it again', () => {
    const more = { ttlMs: 100, ttlTime: 'processing' } as const
    const harness = runInAllModes<Order>({ ...options(more), startMs: 0 }, (h) => {
      h.process(file)
      h.advanceProcessingTime(99)
      h.process(file)
      expect(passed(h.output)).toBe('a0 b1 c3')
      h.advanceProcessingTime(100)
      h.process(file)
      h.advanceProcessingTime(200)
    })
    expect(passed(harness.output)).toBe('a0 b1 c3 a0 b1 c3')
  })

  test('the last record passes when the time is over, or the input', () => {
    const more = { ttlMs: 100, ttlTime: 'processing', keep: 'last' } as const
    const harness = runInAllModes<Order>({ ...options(more), startMs: 0 }, (h) => {
      h.process(file)
      h.advanceProcessingTime(100)
      h.process([order('d', 7), order('d', 8)])
      h.endInput()
    })
    expect(passed(harness.output)).toBe('a2 b1 c3 d8')
  })
})

describe('on event time', () => {
  test('the first record of a key passes, the next after the time', () => {
    const harness = runInAllModes<Order>(options({ ttlMs: 10 }), (h) => {
      h.process([order('a', 1)], 5)
      h.process([order('a', 2)], 14)
      h.process([order('a', 3)], 3)
      h.process([order('a', 4)], 15)
      h.watermark(24)
      h.process([order('a', 5)], 24)
      h.watermark(25)
      h.process([order('a', 6)], 25)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(passed(harness.output)).toBe('a1 a4 a6')
  })

  test('the last is the one with the highest timestamp', () => {
    const harness = runInAllModes<Order>(options({ ttlMs: 10, keep: 'last' }), (h) => {
      h.process([order('a', 1)], 5)
      h.process([order('a', 2)], 14)
      h.process([order('a', 3)], 9)
      h.watermark(14)
      expect(h.output).toEqual([])
      h.watermark(15)
    })
    expect(harness.outputWithTimestamps).toEqual([{ value: order('a', 2), timestampMs: 14 }])
  })

  test('a record that nobody can judge any more is dropped and counted', () => {
    const harness = operatorHarness<Order>({ ...options({ ttlMs: 10 }), modes: ['plain'] })
    harness.watermark(100)
    harness.process([order('a', 1)], 90)
    harness.process([order('a', 2)], 91)
    expect(passed(harness.output)).toBe('a2')
    expect(harness.metrics['numLateRecordsDropped']).toBe(1)
    harness.close()
  })

  test('equals a replay over a plain map', () => {
    const steps = fc.array(
      fc.record({ id: fc.constantFrom('a', 'b'), aheadMs: fc.nat(20), advanceMs: fc.nat(8) }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 15 }), (list, ttlMs) => {
        const harness = operatorHarness<Order>({ ...options({ ttlMs }), modes: ['plain'] })
        const until = new Map<string, number>()
        const expected: Order[] = []
        let watermarkMs = 0
        list.forEach(({ id, aheadMs, advanceMs }, n) => {
          const atMs = watermarkMs + aheadMs
          if (atMs >= (until.get(id) ?? 0)) {
            expected.push(order(id, n))
            until.set(id, atMs + ttlMs)
          }
          harness.process([order(id, n)], atMs)
          watermarkMs += advanceMs
          if (advanceMs > 0) harness.watermark(watermarkMs)
        })
        expect(harness.output).toEqual(expected)
        harness.watermark(MAX_WATERMARK_MS)
        expect([harness.stateEntries, harness.timers]).toEqual([0, 0])
        harness.close()
      }),
      { seed: 53, numRuns: 200 },
    )
  })
})

test('a time that is not above 0 is refused', () => {
  expect(() => deduplicateOperator(idOf, { ttlMs: 0 })).toThrow(/ttlMs/)
})
