import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../../../core/stream-element.ts'
import { operatorHarness } from '../../../testing/operator-harness.ts'
import { runInAllModes } from '../../../testing/run-in-all-modes.ts'
import { eventTimeSessionWindows } from '../assigners/event-time-session-windows.ts'
import { globalWindows } from '../assigners/global-windows.ts'
import { tumblingEventTimeWindows } from '../assigners/tumbling-event-time-windows.ts'
import { tumblingProcessingTimeWindows } from '../assigners/tumbling-processing-time-windows.ts'
import type { Trigger } from '../trigger.ts'
import type { Window } from '../window.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { windowOperator } from '../window-operator.ts'
import { continuousEventTimeTrigger } from './continuous-event-time-trigger.ts'
import { continuousProcessingTimeTrigger } from './continuous-processing-time-trigger.ts'

const MINUTE_MS = 60_000
const DAY_MS = 1440 * MINUTE_MS

const sums = (
  assigner: WindowAssigner<unknown, Window>,
  trigger: Trigger<unknown, Window>,
  allowedLatenessMs = 0,
) =>
  windowOperator<number, number, number, string, Window>({
    keySelector: () => 'all',
    assigner: assigner as WindowAssigner<number, Window>,
    trigger,
    computation: { kind: 'reduce', reduce: (left, right) => left + right },
    allowedLatenessMs,
  })
const options = { keyBy: () => 'all' }

describe('continuousEventTimeTrigger', () => {
  test('a day by the minute gives running totals and one final', () => {
    const operator = sums(tumblingEventTimeWindows(DAY_MS), continuousEventTimeTrigger(MINUTE_MS))
    const harness = runInAllModes<number, number>({ ...options, operator }, (h) => {
      h.process([1], 10)
      h.process([2], MINUTE_MS - 1)
      h.watermark(MINUTE_MS)
      h.watermark(3 * MINUTE_MS) // nothing new: nothing comes
      h.process([4], 3 * MINUTE_MS + 1)
      h.watermark(4 * MINUTE_MS - 1)
      h.watermark(4 * MINUTE_MS)
      h.process([8], DAY_MS - 1)
      h.watermark(DAY_MS - 1)
    })
    expect(harness.output).toEqual([3, 7, 15])
  })

  test('a record behind the watermark waits for the next multiple like all others', () => {
    const operator = sums(tumblingEventTimeWindows(100), continuousEventTimeTrigger(10))
    const harness = runInAllModes<number, number>({ ...options, operator }, (h) => {
      h.watermark(35)
      h.process([1], 3)
      h.watermark(39)
      expect(h.output).toEqual([])
      h.watermark(40)
      expect(h.output).toEqual([1])
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual([1, 1])
  })

  test('a late record corrects the final at once', () => {
    const operator = sums(tumblingEventTimeWindows(10), continuousEventTimeTrigger(4), 10)
    const harness = runInAllModes<number, number>({ ...options, operator }, (h) => {
      h.process([1], 1)
      h.watermark(9)
      h.process([2], 2)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual([1, 1, 3])
  })

  test('a global window comes to an end with the input, without empty rounds', () => {
    const operator = sums(globalWindows(), continuousEventTimeTrigger(5))
    const harness = runInAllModes<number, number>(
      { ...options, operator, leavesState: true },
      (h) => {
        h.process([1], 1)
        h.watermark(100)
        h.process([2], 101)
        h.watermark(MAX_WATERMARK_MS)
      },
    )
    expect(harness.output).toEqual([1, 3, 3])
  })

  test('sessions that merge keep the earliest of their next firings', () => {
    const operator = sums(eventTimeSessionWindows(10), continuousEventTimeTrigger(7))
    const harness = runInAllModes<number, number>({ ...options, operator }, (h) => {
      h.process([1], 12)
      h.process([2], 0)
      h.process([4], 6)
      h.watermark(7)
      h.watermark(13)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual([7, 7])
  })

  test('totals only grow, and the last of a window is the sum of its records', () => {
    const steps = fc.array(fc.record({ advanceMs: fc.nat(9), aheadMs: fc.nat(20) }), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 12 }), (list, intervalMs) => {
        const trigger = continuousEventTimeTrigger(intervalMs)
        const operator = windowOperator<number, number, string, string, Window>({
          keySelector: () => 'all',
          assigner: tumblingEventTimeWindows(20),
          trigger,
          computation: {
            kind: 'reduce',
            reduce: (left, right) => left + right,
            process: (_key, { window }, elements, out) => out.collect(`${window}=${[...elements]}`),
          },
        })
        const harness = operatorHarness<number, string>({ ...options, operator, modes: ['plain'] })
        const expected = new Map<string, number>()
        let watermarkMs = 0
        for (const { advanceMs, aheadMs } of list) {
          const atMs = watermarkMs + aheadMs + 1
          const startMs = Math.floor(atMs / 20) * 20
          const name = `[${startMs}, ${startMs + 20})`
          expected.set(name, (expected.get(name) ?? 0) + 1)
          harness.process([1], atMs)
          watermarkMs += advanceMs
          if (advanceMs > 0) harness.watermark(watermarkMs)
        }
        harness.watermark(MAX_WATERMARK_MS)
        const seen = new Map<string, number>()
        for (const line of harness.output) {
          const [name, total] = line.split('=') as [string, string]
          expect(Number(total) >= (seen.get(name) ?? 0)).toBe(true)
          seen.set(name, Number(total))
        }
        expect(seen).toEqual(expected)
        expect([harness.stateEntries, harness.timers]).toEqual([0, 0])
        harness.close()
      }),
      { seed: 41, numRuns: 150 },
    )
  })
})

describe('continuousProcessingTimeTrigger', () => {
  test('event-time windows give running totals by the clock, and one final by the watermark', () => {
    const operator = sums(tumblingEventTimeWindows(100), continuousProcessingTimeTrigger(10))
    const harness = runInAllModes<number, number>({ ...options, operator, startMs: 1 }, (h) => {
      h.process([1], 1)
      h.advanceProcessingTime(9)
      h.process([2], 2)
      h.advanceProcessingTime(10)
      h.advanceProcessingTime(40)
      h.process([4], 3)
      h.watermark(99)
    })
    expect(harness.output).toEqual([3, 7])
  })

  test('processing-time windows end with the clock', () => {
    const operator = sums(tumblingProcessingTimeWindows(25), continuousProcessingTimeTrigger(10))
    const harness = runInAllModes<number, number>({ ...options, operator, startMs: 0 }, (h) => {
      h.process([1])
      h.advanceProcessingTime(10)
      h.process([2])
      h.advanceProcessingTime(20)
      h.process([4])
      h.advanceProcessingTime(25)
    })
    expect(harness.output).toEqual([1, 3, 7])
  })
})

test('an interval that is not above 0 is refused', () => {
  expect(() => continuousEventTimeTrigger(0)).toThrow(/intervalMs/)
  expect(() => continuousProcessingTimeTrigger(0.5)).toThrow(/intervalMs/)
})
