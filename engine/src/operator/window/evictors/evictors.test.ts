import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../../../core/stream-element.ts'
import type { AggregateFunction } from '../../../state/state-descriptor.ts'
import { operatorHarness } from '../../../testing/operator-harness.ts'
import { runInAllModes } from '../../../testing/run-in-all-modes.ts'
import { types } from '../../../types/types.ts'
import { eventTimeSessionWindows } from '../assigners/event-time-session-windows.ts'
import { globalWindows } from '../assigners/global-windows.ts'
import { tumblingEventTimeWindows } from '../assigners/tumbling-event-time-windows.ts'
import type { Evictor } from '../evictor.ts'
import { countTrigger } from '../triggers/count-trigger.ts'
import type { Window } from '../window.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import type { WindowComputation } from '../window-function.ts'
import { windowOperator } from '../window-operator.ts'
import { countEvictor } from './count-evictor.ts'
import { deltaEvictor } from './delta-evictor.ts'
import { timeEvictor } from './time-evictor.ts'

type Computation = WindowComputation<number, number[], number[], string, Window>

const LIST: Computation = {
  kind: 'process',
  process: (_key, _context, elements, out) => out.collect([...elements]),
}

const evicting = (
  evictor: Evictor<number, Window>,
  assigner: unknown = tumblingEventTimeWindows(10),
  count?: number,
  computation: Computation = LIST,
) =>
  windowOperator<number, number[], number[], string, Window>({
    keySelector: () => 'all',
    assigner: assigner as WindowAssigner<number, Window>,
    trigger: count === undefined ? undefined : countTrigger(count),
    computation,
    elementType: types.number,
    evictor,
    allowedLatenessMs: 5,
  })
const options = { keyBy: () => 'all' }

test('CountEvictor(2) leaves the last two for the function', () => {
  const operator = evicting(countEvictor(2))
  const harness = runInAllModes<number, number[]>({ ...options, operator }, (h) => {
    h.process([1, 2], 1)
    h.process([3], 0)
    h.watermark(9)
    h.process([4], 4)
    h.watermark(MAX_WATERMARK_MS)
  })
  expect(harness.output).toEqual([
    [2, 3],
    [3, 4],
  ])
})

test('after the computation, the function sees all that was left before', () => {
  const operator = evicting(countEvictor(1, { when: 'after' }), globalWindows(), 3)
  const all = { ...options, operator, leavesState: true }
  const harness = runInAllModes<number, number[]>(all, (h) => {
    h.process([1, 2, 3, 4, 5, 6])
  })
  expect(harness.output).toEqual([
    [1, 2, 3],
    [3, 4, 5, 6],
  ])
  expect(harness.stateEntries).toBe(1)
})

describe('time and delta', () => {
  test('TimeEvictor keeps what is younger than the span', () => {
    const operator = evicting(timeEvictor(4))
    const harness = runInAllModes<number, number[]>({ ...options, operator }, (h) => {
      for (const at of [5, 1, 9, 6]) h.process([at], at)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual([[9, 6]])
  })

  test('DeltaEvictor keeps what is near the last record', () => {
    const operator = evicting(deltaEvictor<number>(3, (one, last) => Math.abs(one - last)))
    const harness = runInAllModes<number, number[]>({ ...options, operator }, (h) => {
      h.process([1, 5, 4, 7, 9, 6], 1)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual([[5, 4, 7, 6]])
  })
})

test('a window of which nothing is left emits nothing, and is an empty window again', () => {
  const operator = evicting({ evictBefore: () => [] }, globalWindows(), 2)
  const harness = runInAllModes<number, number[]>(
    { ...options, operator, leavesState: true },
    (h) => {
      h.process([1, 2, 3])
    },
  )
  expect(harness.output).toEqual([])
})

test("an evictor of one's own knows the window, and works on merged sessions", () => {
  const early: Evictor<number, Window> = {
    evictBefore: (elements, { window }) =>
      elements.filter(({ timestampMs }) => timestampMs <= window.maxTimestampMs - 12),
  }
  const operator = evicting(early, eventTimeSessionWindows(10))
  const harness = runInAllModes<number, number[]>({ ...options, operator }, (h) => {
    h.process([1], 0)
    h.process([2], 16)
    h.process([3], 8)
    h.watermark(MAX_WATERMARK_MS)
  })
  expect(harness.output).toEqual([[1, 3]])
})

test('incremental functions fold what is left: the last n equal a batch reference', () => {
  const collect: AggregateFunction<number, number[], number[]> = {
    createAccumulator: () => [],
    add: (value, all) => [...all, value],
    getResult: (all) => all,
    merge: (left, right) => [...left, ...right],
  }
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { maxLength: 20 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 6 }),
      (values, size, slide) => {
        const operator = evicting(countEvictor(size), globalWindows(), slide, {
          kind: 'aggregate',
          aggregate: collect,
        })
        const harness = operatorHarness<number, number[]>({
          ...options,
          operator,
          modes: ['plain'],
        })
        harness.process(values)
        const expected: number[][] = []
        for (let end = slide; end <= values.length; end += slide) {
          expected.push(values.slice(Math.max(0, end - size), end))
        }
        expect(harness.output).toEqual(expected)
        harness.close()
      },
    ),
    { seed: 42, numRuns: 100 },
  )
})

test.each([0, 1.5])('a count of %d is refused', (count) => {
  expect(() => countEvictor(count)).toThrow(/count/)
})
