import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import { runInAllModes } from '../../testing/run-in-all-modes.ts'
import { slidingEventTimeWindows } from '../window/assigners/sliding-event-time-windows.ts'
import { windowOperator } from '../window/window-operator.ts'
import { approximateDistinctCount } from './approximate-distinct-count.ts'
import { distinctCount } from './distinct-count.ts'

const identity = (value: unknown): unknown => value

function countOf(
  values: readonly unknown[],
  aggregate: ReturnType<typeof approximateDistinctCount>,
) {
  let sketch = aggregate.createAccumulator()
  for (const value of values) sketch = aggregate.add(value, sketch)
  return { count: aggregate.getResult(sketch), sketch }
}

describe('distinctCount', () => {
  test('equals a set, also merged', () => {
    const values = fc.array(fc.oneof(fc.nat(9), fc.constantFrom('1', '2', null, true)))
    fc.assert(
      fc.property(values, values, (left, right) => {
        const aggregate = distinctCount(identity)
        const add = (list: readonly unknown[]) =>
          list.reduce<ReturnType<typeof aggregate.createAccumulator>>(
            (seen, value) => aggregate.add(value, seen),
            aggregate.createAccumulator(),
          )
        const other = add(right)
        const merged = aggregate.merge(add(left), other)
        expect(aggregate.getResult(merged)).toBe(new Set([...left, ...right]).size)
        expect(aggregate.getResult(other)).toBe(new Set(right).size)
      }),
      { seed: 51, numRuns: 100 },
    )
  })

  test('objects are compared by content', () => {
    const aggregate = distinctCount(identity)
    let seen = aggregate.createAccumulator()
    for (const value of [{ a: 1 }, { a: 1 }, { a: 2 }, [1], [1]]) seen = aggregate.add(value, seen)
    expect(aggregate.getResult(seen)).toBe(3)
  })
})

describe('approximateDistinctCount', () => {
  test('is within 2 % on a million ids, in less than 20 kB', () => {
    const aggregate = approximateDistinctCount<string>(identity)
    let sketch = aggregate.createAccumulator()
    for (let i = 0; i < 1_000_000; i++) sketch = aggregate.add(`user-${i}`, sketch)
    expect(Math.abs(aggregate.getResult(sketch) - 1_000_000)).toBeLessThan(20_000)
    expect(sketch.byteLength).toBeLessThan(20_000)
  })

  test('has no bias at any size: the mean error over many sets is small', () => {
    for (const size of [10, 300, 2_000, 9_000, 40_000]) {
      let sum = 0
      const sets = 12
      for (let set = 0; set < sets; set++) {
        const values = Array.from({ length: size }, (_, i) => set * 1e6 + i)
        sum += countOf(values, approximateDistinctCount(identity, { precision: 12 })).count
      }
      // The standard error of one is 1.6 %, that of the mean 0.5 %.
      expect(Math.abs(sum / sets / size - 1)).toBeLessThan(0.015)
    }
  })

  test('few values are counted exactly and take little space', () => {
    const { count, sketch } = countOf(
      Array.from({ length: 100 }, (_, i) => `id-${i % 50}`),
      approximateDistinctCount(identity),
    )
    expect(count).toBe(50)
    expect(sketch.byteLength).toBeLessThanOrEqual(150)
  })

  test('kinds of values are told apart', () => {
    const values = [1, '1', true, 'true', null, 'null', 1n, [1], { one: 1 }]
    expect(countOf(values, approximateDistinctCount(identity)).count).toBe(9)
  })

  test('the order of records and merges does not matter, nor which form sketches have', () => {
    const sizes = fc.tuple(fc.nat(60), fc.nat(60), fc.boolean())
    fc.assert(
      fc.property(sizes, ([left, right, swapped]) => {
        const aggregate = approximateDistinctCount(identity, { precision: 8 })
        const range = (from: number, to: number) =>
          Array.from({ length: to - from }, (_, i) => from + i)
        const one = range(0, left)
        const two = range(left >> 1, (left >> 1) + right)
        const other = countOf(two, aggregate).sketch
        const before = other.slice()
        const merged = swapped
          ? aggregate.merge(countOf(one, aggregate).sketch, other)
          : aggregate.merge(countOf(one.toReversed(), aggregate).sketch, other)
        expect(other).toEqual(before)
        expect(merged).toEqual(countOf([...two, ...one], aggregate).sketch)
      }),
      { seed: 52, numRuns: 150 },
    )
  })

  test.each([3, 17, 10.5])('a precision of %d is refused', (precision) => {
    expect(() => approximateDistinctCount(identity, { precision })).toThrow(/precision/)
  })
})

test('sliding windows count what their panes have in common once, in every mode', () => {
  interface Visit {
    readonly user: number
  }
  for (const aggregate of [
    distinctCount((visit: Visit) => visit.user),
    approximateDistinctCount((visit: Visit) => visit.user),
  ]) {
    const operator = windowOperator({
      keySelector: () => 'page',
      assigner: slidingEventTimeWindows(10, 5),
      computation: { kind: 'aggregate' as const, aggregate: aggregate as never },
    })
    const harness = runInAllModes<Visit, number>({ operator, keyBy: () => 'page' }, (h) => {
      h.process([{ user: 1 }, { user: 2 }], 6)
      h.process([{ user: 2 }, { user: 3 }], 11)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual([2, 3, 2])
  }
})
