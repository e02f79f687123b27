import { describe, expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../../../core/stream-element.ts'
import { mapState, valueState } from '../../../state/state-descriptor.ts'
import { runInAllModes } from '../../../testing/run-in-all-modes.ts'
import { types } from '../../../types/types.ts'
import { eventTimeSessionWindows } from '../assigners/event-time-session-windows.ts'
import { globalWindows } from '../assigners/global-windows.ts'
import { tumblingEventTimeWindows } from '../assigners/tumbling-event-time-windows.ts'
import type { Trigger } from '../trigger.ts'
import type { Window } from '../window.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import type { ProcessWindowCallback } from '../window-function.ts'
import { windowOperator } from '../window-operator.ts'
import { countOrTimeTrigger } from './count-or-time-trigger.ts'
import { countTrigger } from './count-trigger.ts'
import { deltaTrigger } from './delta-trigger.ts'
import { neverTrigger } from './never-trigger.ts'
import { processingTimeoutTrigger } from './processing-timeout-trigger.ts'
import { purgingTrigger } from './purging-trigger.ts'

const list: ProcessWindowCallback<number, number[], string, Window> = (_key, _ctx, elements, out) =>
  out.collect([...elements])

const listsOf = (trigger: Trigger<number, Window>, assigner = globalWindows() as unknown) =>
  windowOperator<number, never, number[], string, Window>({
    keySelector: () => 'all',
    assigner: assigner as WindowAssigner<number, Window>,
    trigger,
    computation: { kind: 'process', process: list },
    elementType: types.number,
  })
const options = { keyBy: () => 'all', startMs: 1_000 }

describe('countOrTimeTrigger', () => {
  test('250 records and then silence give 100, 100 and, 5 s later, 50', () => {
    const operator = listsOf(countOrTimeTrigger(100, 5_000))
    const harness = runInAllModes<number, number[]>({ ...options, operator }, (h) => {
      h.process(Array.from({ length: 250 }, (_, i) => i))
      h.advanceProcessingTime(5_999)
      expect(h.output.map((batch) => batch.length)).toEqual([100, 100])
      h.advanceProcessingTime(6_000)
    })
    expect(harness.output.map((batch) => batch.length)).toEqual([100, 100, 50])
    expect(harness.output.flat()).toEqual(Array.from({ length: 250 }, (_, i) => i))
  })

  test('the time runs anew for each batch, from its first record', () => {
    const operator = listsOf(countOrTimeTrigger(2, 10))
    const harness = runInAllModes<number, number[]>({ ...options, operator }, (h) => {
      h.process([1])
      h.advanceProcessingTime(1_009)
      h.process([2, 3])
      h.advanceProcessingTime(1_018)
      expect(h.output).toEqual([[1, 2]])
      h.advanceProcessingTime(1_019)
    })
    expect(harness.output).toEqual([[1, 2], [3]])
  })

  test('the rest comes with the end of the input, and with the end of a window', () => {
    const ends = (assigner: unknown): readonly number[][] =>
      runInAllModes<number, number[]>(
        { ...options, operator: listsOf(countOrTimeTrigger(2, 10), assigner) },
        (h) => {
          h.process([1, 2, 3], 5)
          h.watermark(9)
          h.process([4], 15)
          h.watermark(MAX_WATERMARK_MS)
        },
      ).output
    expect(ends(globalWindows())).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(ends(tumblingEventTimeWindows(10))).toEqual([[1, 2], [3], [4]])
  })

  test('sessions that merge count together', () => {
    const operator = listsOf(countOrTimeTrigger(3, 10), eventTimeSessionWindows(10))
    const harness = runInAllModes<number, number[]>({ ...options, operator }, (h) => {
      h.process([1], 0)
      h.process([2], 16)
      h.process([3], 8)
      h.process([4], 9)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual([[1, 2, 3], [4]])
  })
})

describe('deltaTrigger', () => {
  test('fires past the threshold, and moves the mark', () => {
    const trigger = deltaTrigger<number>(10, (mark, value) => Math.abs(value - mark), {
      type: types.number,
    })
    const operator = listsOf(purgingTrigger(trigger))
    const harness = runInAllModes<number, number[]>(
      { ...options, operator, leavesState: true },
      (h) => h.process([0, 10, 11, 15, 0, -1]),
    )
    expect(harness.output).toEqual([
      [0, 10, 11],
      [15, 0],
    ])
  })
})

describe('processingTimeoutTrigger', () => {
  test('fires a timeout after the first record although the inner trigger did not', () => {
    const operator = listsOf(purgingTrigger(processingTimeoutTrigger(countTrigger(3), 10)))
    const harness = runInAllModes<number, number[]>({ ...options, operator }, (h) => {
      h.process([1, 2, 3, 4])
      h.advanceProcessingTime(1_005)
      h.process([5])
      h.advanceProcessingTime(1_009)
      expect(h.output).toEqual([[1, 2, 3]])
      h.advanceProcessingTime(1_010)
      h.process([6, 7, 8]) // the inner count began anew
    })
    expect(harness.output).toEqual([
      [1, 2, 3],
      [4, 5],
      [6, 7, 8],
    ])
  })

  test('restarts on each record, and leaves the inner count, if told so', () => {
    const trigger = processingTimeoutTrigger(countTrigger(3), 10, {
      restartsOnRecord: true,
      clearsInner: false,
    })
    const operator = listsOf(purgingTrigger(trigger))
    const harness = runInAllModes<number, number[]>({ ...options, operator }, (h) => {
      h.process([1])
      h.advanceProcessingTime(1_009)
      h.process([2])
      h.advanceProcessingTime(1_018)
      expect(h.output).toEqual([])
      h.advanceProcessingTime(1_019)
      h.process([3])
    })
    expect(harness.output).toEqual([[1, 2], [3]])
  })

  test('merges with sessions', () => {
    const operator = listsOf(
      processingTimeoutTrigger(neverTrigger(), 10),
      eventTimeSessionWindows(10),
    )
    const harness = runInAllModes<number, number[]>({ ...options, operator }, (h) => {
      h.process([1], 0)
      h.advanceProcessingTime(1_005)
      h.process([2], 5)
      h.advanceProcessingTime(1_009)
      expect(h.output).toEqual([])
      h.advanceProcessingTime(1_010)
      expect(h.output).toEqual([[1, 2]])
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual([[1, 2]])
  })
})

describe("a trigger of one's own", () => {
  const HIGHEST = valueState<number>('highest', { type: types.number })
  const SEEN = mapState<number, number>('seen', { keyType: types.number, type: types.int })

  /**
   * Fires when a value comes the third time; tells the highest so far by the state of the value.
   */
  const thirdTime: Trigger<number, Window> = {
    canMerge: true,
    onElement(value, _timestampMs, context) {
      const highest = context.getState(HIGHEST)
      highest.update(Math.max(highest.value() ?? value, value))
      const seen = context.getMapState(SEEN)
      seen.put(value, (seen.get(value) ?? 0) + 1)
      if ((seen.get(value) ?? 0) < 3) return 'continue'
      return highest.value() === value ? 'fire' : 'purge'
    },
    onEventTime: () => 'continue',
    onProcessingTime: () => 'continue',
    onMerge(context) {
      context.mergeState(HIGHEST, Math.max)
      context.mergeState(SEEN, (left, right) => left + right)
    },
    clear(context) {
      context.getState(HIGHEST).clear()
      context.getMapState(SEEN).clear()
    },
  }

  test('keeps value and map state across restores, and merges it with sessions', () => {
    const operator = listsOf(thirdTime, eventTimeSessionWindows(10))
    const harness = runInAllModes<number, number[]>({ ...options, operator }, (h) => {
      h.process([9], 100)
      h.process([4], 118)
      h.process([4, 4], 109) // the third 4 since the two are one, whose highest is 9: purged
      h.process([5], 0)
      h.process([5], 18)
      h.process([5], 9) // joins the two: 5 was there three times, and is the highest
      h.process([9, 4, 4], 9)
      h.watermark(4)
      h.process([4], 9) // the third 4, but 9 is the highest: purged
      h.process([9, 9], 10)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual([
      [5, 5, 5],
      [9, 9],
    ])
  })
})
