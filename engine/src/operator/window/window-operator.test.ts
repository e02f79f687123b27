import { describe, expect, test } from 'vitest'
import { hours, seconds } from '../../core/duration.ts'
import { outputTag } from '../../core/output-tag.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import { type AggregateFunction, valueState } from '../../state/state-descriptor.ts'
import { operatorHarness } from '../../testing/operator-harness.ts'
import { runInAllModes } from '../../testing/run-in-all-modes.ts'
import { types } from '../../types/types.ts'
import type { OneInputOperator } from '../operator.ts'
import { eventTimeSessionWindows } from './assigners/event-time-session-windows.ts'
import { globalWindows } from './assigners/global-windows.ts'
import { processingTimeSessionWindows } from './assigners/processing-time-session-windows.ts'
import { slidingEventTimeWindows } from './assigners/sliding-event-time-windows.ts'
import { slidingProcessingTimeWindows } from './assigners/sliding-processing-time-windows.ts'
import { tumblingEventTimeWindows } from './assigners/tumbling-event-time-windows.ts'
import { tumblingProcessingTimeWindows } from './assigners/tumbling-processing-time-windows.ts'
import type { TimeWindow } from './time-window.ts'
import { countTrigger } from './triggers/count-trigger.ts'
import { neverTrigger } from './triggers/never-trigger.ts'
import { purgingTrigger } from './triggers/purging-trigger.ts'
import type { Window } from './window.ts'
import type { ProcessWindowCallback, ProcessWindowFunction } from './window-function.ts'
import { windowOperator } from './window-operator.ts'
import type { WindowOperatorOptions } from './window-operator-options.ts'

interface Sale {
  readonly shop: string
  readonly amount: number
}

type Options<W extends Window> = WindowOperatorOptions<Sale, unknown, unknown, string, W>

type Process<IN> = ProcessWindowCallback<IN, unknown, string, TimeWindow>

const shopOf = (sale: Sale): string => sale.shop
const sale = (shop: string, amount: number): Sale => ({ shop, amount })

/** Options that emit `shop:sum`. */
function sums<W extends Window>(options: Omit<Options<W>, 'keySelector' | 'computation'>) {
  return {
    keySelector: shopOf,
    computation: {
      kind: 'reduce' as const,
      reduce: (left: Sale, right: Sale) => sale(left.shop, left.amount + right.amount),
    },
    ...options,
  }
}

function sumsOf<W extends Window>(
  options: Omit<Options<W>, 'keySelector' | 'computation'>,
): () => OneInputOperator<Sale> {
  return windowOperator(sums(options))
}

const asText = ({ value, timestampMs }: { value: unknown; timestampMs: number }): string =>
  `${(value as Sale).shop}:${(value as Sale).amount}@${timestampMs}`

const average: AggregateFunction<Sale, { sum: number; count: number }, number> = {
  createAccumulator: () => ({ sum: 0, count: 0 }),
  add: (value, accumulator) => {
    accumulator.sum += value.amount
    accumulator.count++
    return accumulator
  },
  getResult: ({ sum, count }) => sum / count,
  merge: (left, right) => ({ sum: left.sum + right.sum, count: left.count + right.count }),
  accumulatorType: types.row({ sum: types.number, count: types.int }),
}

const PATHS = ['auto', 'general'] as const

describe.each(PATHS)('aligned event-time windows, path %s', (path) => {
  test('tumbling windows give the sums per key and window, in order of window end', () => {
    const operator = sumsOf({ assigner: tumblingEventTimeWindows(10), path })
    const harness = runInAllModes({ operator, keyBy: shopOf }, (h) => {
      h.process([sale('a', 1)], 12)
      h.process([sale('a', 2), sale('b', 4)], 3)
      h.process([sale('a', 8)], 9)
      h.process([sale('a', 16)], 10)
      h.watermark(8)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.outputWithTimestamps.map(asText)).toEqual(['a:10@9', 'b:4@9', 'a:17@19'])
    expect(harness.timeline).toMatch(/@9.*@9.*@19.*WMAX$/)
  })

  test('a window fires when the watermark reaches its last millisecond, exactly once', () => {
    const operator = sumsOf({ assigner: tumblingEventTimeWindows(10_000), path })
    const harness = operatorHarness<Sale>({ operator, keyBy: shopOf })
    // Bounded out-of-orderness of 3 s: the watermark after timestamp t is t - 3 000 - 1.
    harness.process([sale('a', 1)], 5_000)
    harness.process([sale('a', 2)], 12_999)
    harness.watermark(12_999 - 3_000 - 1)
    expect(harness.output).toEqual([])
    harness.process([sale('a', 4)], 13_000)
    harness.watermark(13_000 - 3_000 - 1)
    expect(harness.outputWithTimestamps.map(asText)).toEqual(['a:1@9999'])
    harness.watermark(11_000)
    expect(harness.output).toHaveLength(1)
    harness.close()
  })

  test('an offset of 8 h aligns days with UTC+8', () => {
    const operator = sumsOf({
      assigner: tumblingEventTimeWindows(hours(24), { offsetMs: hours(-8) }),
      path,
    })
    const midnight = Date.UTC(2024, 2, 1) - hours(8) // 1 March, 0:00 in UTC+8
    const harness = runInAllModes({ operator, keyBy: shopOf }, (h) => {
      h.process([sale('a', 1)], midnight - 1)
      h.process([sale('a', 2)], midnight)
      h.process([sale('a', 4)], midnight + hours(24) - 1)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.outputWithTimestamps.map(asText)).toEqual([
      `a:1@${midnight - 1}`,
      `a:6@${midnight + hours(24) - 1}`,
    ])
  })

  test('with size 10 and slide 5 each record counts in two windows', () => {
    const operator = sumsOf({ assigner: slidingEventTimeWindows(10, 5), path })
    const harness = runInAllModes({ operator, keyBy: shopOf }, (h) => {
      h.process([sale('a', 1)], 0)
      h.process([sale('a', 2)], 5)
      h.process([sale('a', 4)], 10)
      h.watermark(MAX_WATERMARK_MS)
    })
    const results = harness.outputWithTimestamps.map(asText)
    expect(results).toEqual(['a:1@4', 'a:3@9', 'a:6@14', 'a:4@19'])
  })

  test('a slide above the size leaves gaps whose records are in no window and not late', () => {
    const operator = sumsOf({ assigner: slidingEventTimeWindows(4, 10), path })
    const harness = runInAllModes({ operator, keyBy: shopOf }, (h) => {
      h.process([sale('a', 1)], 3)
      h.process([sale('a', 2)], 4)
      h.process([sale('a', 4)], 13)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.outputWithTimestamps.map(asText)).toEqual(['a:1@3', 'a:4@13'])
    expect(harness.metrics['numLateRecordsDropped']).toBe(0)
  })

  test('a record behind watermark and lateness is dropped and counted', () => {
    const operator = sumsOf({ assigner: tumblingEventTimeWindows(10), allowedLatenessMs: 5, path })
    const harness = operatorHarness<Sale>({ operator, keyBy: shopOf })
    harness.process([sale('a', 1)], 3)
    harness.watermark(13)
    harness.process([sale('a', 2)], 4)
    expect(harness.metrics['numLateRecordsDropped']).toBe(0)
    harness.watermark(14)
    harness.process([sale('a', 4)], 5)
    expect(harness.metrics['numLateRecordsDropped']).toBe(1)
    expect(harness.output.map((one) => (one as Sale).amount)).toEqual([1, 3])
    harness.verifyNothingLeft()
    harness.close()
  })

  test('late records within the lateness correct the result, later ones go to the tag', () => {
    const lateTag = outputTag<Sale>('late-sales')
    const options = { assigner: tumblingEventTimeWindows(10), allowedLatenessMs: 20, lateTag, path }
    const harness = runInAllModes({ operator: sumsOf(options), keyBy: shopOf }, (h) => {
      h.process([sale('a', 1), sale('b', 2)], 3)
      h.watermark(9)
      h.process([sale('a', 4), sale('c', 8)], 9)
      h.watermark(28)
      h.process([sale('a', 16)], 0)
      h.watermark(29)
      h.process([sale('a', 32), sale('b', 64)], 9)
      h.watermark(MAX_WATERMARK_MS)
    })
    const results = harness.outputWithTimestamps.map(asText)
    expect(results).toEqual(['a:1@9', 'b:2@9', 'a:5@9', 'c:8@9', 'a:21@9'])
    expect(harness.sideOutput(lateTag)).toEqual([sale('a', 32), sale('b', 64)])
    expect(harness.metrics['numLateRecordsDropped']).toBe(0)
  })

  test('an incremental computation keeps one accumulator per key and window', () => {
    const computation = { kind: 'aggregate' as const, aggregate: average }
    const operator = windowOperator({
      keySelector: shopOf,
      assigner: tumblingEventTimeWindows(10),
      computation,
      path,
    })
    const harness = runInAllModes({ operator, keyBy: shopOf }, (h) => {
      for (let i = 1; i <= 9; i++) h.process([sale('a', i), sale('b', i)], i)
      expect(h.stateEntries).toBe(2)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual([5, 5])
  })

  test('a process function sees window, watermark, states and side output', () => {
    const seen = outputTag<string>('seen')
    const calls: string[] = []
    const fn: ProcessWindowFunction<Sale, string, string, TimeWindow> = {
      process(key, context, elements, out) {
        const { window, currentWatermarkMs, windowState, globalState } = context
        const here = windowState.getState(valueState('fired', { type: types.int, initialValue: 0 }))
        const total = globalState.getState(
          valueState('total', { type: types.int, initialValue: 0 }),
        )
        here.update((here.value() ?? 0) + 1)
        total.update((total.value() ?? 0) + 1)
        const amounts = [...elements].map((one) => one.amount).join('+')
        out.collect(`${key}${window}=${amounts} W${currentWatermarkMs}`)
        out.collect(`${here.value()}/${total.value()} at ${context.currentProcessingTimeMs()}`)
        context.output(seen, key)
        if (currentWatermarkMs > 100) total.clear()
      },
      clear(key, context) {
        calls.push(`clear ${key}${context.window}`)
        context.windowState
          .getState(valueState('fired', { type: types.int, initialValue: 0 }))
          .clear()
      },
    }
    const operator = windowOperator({
      keySelector: shopOf,
      assigner: tumblingEventTimeWindows(10),
      computation: { kind: 'process', process: fn },
      allowedLatenessMs: 5,
      path,
    })
    const harness = runInAllModes({ operator, keyBy: shopOf, startMs: 77 }, (h) => {
      calls.length = 0
      h.process([sale('a', 1), sale('a', 2)], 3)
      h.watermark(9)
      h.process([sale('a', 4)], 4)
      h.process([sale('a', 8)], 14)
      h.watermark(14)
      h.watermark(MAX_WATERMARK_MS)
      expect(calls).toEqual(['clear a[0, 10)', 'clear a[10, 20)'])
    })
    expect(harness.output).toEqual([
      'a[0, 10)=1+2 W9',
      '1/1 at 77',
      'a[0, 10)=1+2+4 W9',
      '2/2 at 77',
      `a[10, 20)=8 W${MAX_WATERMARK_MS}`,
      '1/3 at 77',
    ])
    expect(harness.sideOutput(seen)).toEqual(['a', 'a', 'a'])
  })

  test('a process function behind an aggregate gets the one result', () => {
    const operator = windowOperator({
      keySelector: shopOf,
      assigner: tumblingEventTimeWindows(10),
      computation: {
        kind: 'aggregate' as const,
        aggregate: average,
        process: ((key, context, elements, out) =>
          out.collect(
            `${key} ${context.window.startMs} ${[...elements]}`,
          )) satisfies Process<number>,
      },
      path,
    })
    const harness = runInAllModes({ operator, keyBy: shopOf }, (h) => {
      h.process([sale('a', 1), sale('a', 4)], 3)
      expect(h.stateEntries).toBe(1)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual(['a 0 2.5'])
  })

  test('a record without a timestamp is refused with the cure, whatever the policy', () => {
    const operator = sumsOf({ assigner: tumblingEventTimeWindows(10), path })
    const options = { operator, keyBy: shopOf, recordErrorPolicy: 'skip' as const }
    const harness = operatorHarness<Sale>(options)
    expect(() => harness.process([sale('a', 1)])).toThrow(
      /no timestamp.*Assign timestamps before the window/,
    )
    harness.close()
  })

  test('a poison record is skipped by policy, those around it count', () => {
    const operator = windowOperator({
      keySelector: (one: Sale) => {
        if (one.amount === 3) throw new Error('poison')
        return one.shop
      },
      assigner: tumblingEventTimeWindows(10),
      computation: { kind: 'reduce', reduce: (l, r) => sale(l.shop, l.amount + r.amount) },
      path,
    })
    const options = { operator, keyBy: shopOf, recordErrorPolicy: 'skip' as const }
    const harness = runInAllModes<Sale>(options, (h) => {
      h.process([sale('a', 1), sale('a', 3), sale('a', 5)], 3)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.outputWithTimestamps.map(asText)).toEqual(['a:6@9'])
    expect(harness.metrics['numRecordsSkipped']).toBe(1)
  })

  test('what is emitted does not change when a late record arrives', () => {
    const operator = windowOperator({
      keySelector: shopOf,
      assigner: tumblingEventTimeWindows(10),
      computation: {
        kind: 'process' as const,
        process: ((_key, _context, elements, out) => out.collect(elements)) satisfies Process<Sale>,
      },
      allowedLatenessMs: 10,
      path,
    })
    const harness = runInAllModes({ operator, keyBy: shopOf }, (h) => {
      h.process([sale('a', 1)], 1)
      h.watermark(9)
      h.process([sale('a', 2)], 2)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual([[sale('a', 1)], [sale('a', 1), sale('a', 2)]])
  })
})

describe('session windows', () => {
  const sessions = sumsOf({ assigner: eventTimeSessionWindows(seconds(10)) })

  test('a late record bridges two sessions of its key only', () => {
    const harness = runInAllModes({ operator: sessions, keyBy: shopOf }, (h) => {
      h.process([sale('a', 1), sale('b', 100)], 0)
      h.process([sale('a', 2), sale('b', 200)], 15_000)
      h.watermark(5_000)
      h.process([sale('a', 4)], 8_000)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.outputWithTimestamps.map(asText)).toEqual([
      'b:100@9999',
      'b:200@24999',
      'a:7@24999',
    ])
  })

  test('records exactly one gap apart are together, one millisecond more parts them', () => {
    const harness = runInAllModes({ operator: sessions, keyBy: shopOf }, (h) => {
      h.process([sale('a', 1), sale('b', 1)], 0)
      h.process([sale('a', 2)], 10_000)
      h.process([sale('b', 2)], 10_001)
      h.watermark(MAX_WATERMARK_MS)
    })
    const results = harness.outputWithTimestamps.map(asText)
    expect(results).toEqual(['b:1@9999', 'a:3@19999', 'b:2@20000'])
  })

  test('a late record merges a session that has fired, and corrects it', () => {
    const late = outputTag<Sale>('late')
    const operator = sumsOf({
      assigner: eventTimeSessionWindows(10),
      allowedLatenessMs: 30,
      lateTag: late,
    })
    const harness = runInAllModes({ operator, keyBy: shopOf }, (h) => {
      h.process([sale('a', 1)], 0)
      h.watermark(9)
      h.process([sale('a', 2)], 18)
      h.process([sale('a', 4)], 9)
      h.watermark(27)
      h.process([sale('a', 8)], 1)
      h.watermark(57)
      h.process([sale('a', 16)], 10)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.outputWithTimestamps.map(asText)).toEqual(['a:1@9', 'a:7@27', 'a:15@27'])
    expect(harness.sideOutput(late)).toEqual([sale('a', 16)])
  })

  test('merge() of the aggregate gives the average of the whole session', () => {
    const operator = windowOperator({
      keySelector: shopOf,
      assigner: eventTimeSessionWindows(10),
      computation: { kind: 'aggregate', aggregate: average },
    })
    const harness = runInAllModes({ operator, keyBy: shopOf }, (h) => {
      h.process([sale('a', 1), sale('a', 2)], 0)
      h.process([sale('a', 6)], 16)
      h.process([sale('a', 7)], 8)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual([4])
  })

  test('a count trigger counts across a merge', () => {
    const operator = sumsOf({ assigner: eventTimeSessionWindows(10), trigger: countTrigger(3) })
    const harness = runInAllModes({ operator, keyBy: shopOf }, (h) => {
      h.process([sale('a', 1)], 0)
      h.process([sale('a', 2)], 16)
      h.process([sale('a', 4)], 8)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.outputWithTimestamps.map(asText)).toEqual(['a:7@25'])
  })

  test.each([
    [undefined, 2],
    [neverTrigger(), 1],
  ])('a session that grows leaves no timers and no trigger state behind', (trigger, timers) => {
    const assigner = eventTimeSessionWindows(10)
    const operator = sumsOf({ assigner, trigger, allowedLatenessMs: 5, path: 'general' })
    runInAllModes({ operator, keyBy: shopOf }, (h) => {
      for (const timestampMs of [0, 30, 22, 35, 12, 6]) h.process([sale('a', 1)], timestampMs)
      expect([h.timers, h.stateEntries]).toEqual([timers, 2])
      h.watermark(MAX_WATERMARK_MS)
    })
  })

  test('a session without timers is one entry per key, however often it grew', () => {
    const operator = sumsOf({ assigner: eventTimeSessionWindows(10), allowedLatenessMs: 5 })
    runInAllModes({ operator, keyBy: shopOf }, (h) => {
      for (const timestampMs of [0, 30, 22, 35, 12, 6]) h.process([sale('a', 1)], timestampMs)
      expect([h.timers, h.stateEntries]).toEqual([0, 1])
      h.watermark(MAX_WATERMARK_MS)
    })
  })

  test('sessions that end together fire in the order of their last growth, after a restore too', () => {
    const operator = sumsOf({ assigner: eventTimeSessionWindows(10) })
    const harness = operatorHarness<Sale>({ operator, keyBy: shopOf, modes: ['plain'] })
    for (const shop of ['c', 'b', 'a']) harness.process([sale(shop, 1)], 0)
    harness.process([sale('b', 1)], 5)
    harness.restore(harness.snapshot())
    harness.process([sale('a', 1)], 5)
    harness.process([sale('c', 1)], 5)
    harness.watermark(MAX_WATERMARK_MS)
    expect(harness.output.map((one) => (one as Sale).shop)).toEqual(['b', 'a', 'c'])
    harness.close()
  })

  test('per-window state is refused, with the cure', () => {
    const operator = windowOperator({
      keySelector: shopOf,
      assigner: eventTimeSessionWindows(10),
      computation: {
        kind: 'process' as const,
        process: ((_key, context) => void context.windowState) satisfies Process<Sale>,
      },
    })
    const harness = operatorHarness<Sale>({ operator, keyBy: shopOf })
    harness.process([sale('a', 1)], 0)
    expect(() => harness.watermark(100)).toThrow(/globalState/)
  })

  test('a trigger that cannot merge is refused', () => {
    const trigger = { ...neverTrigger(), canMerge: false }
    expect(() => sumsOf({ assigner: eventTimeSessionWindows(10), trigger })).toThrow(/canMerge/)
  })
})

describe('global windows and triggers', () => {
  test('nothing fires without a trigger', () => {
    const operator = sumsOf({ assigner: globalWindows() })
    const options = { operator, keyBy: shopOf, leavesState: true }
    const harness = runInAllModes(options, (h) => {
      for (let i = 0; i < 10; i++) h.process([sale('a', i)], i)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output).toEqual([])
    expect([harness.stateEntries, harness.timers]).toEqual([1, 0])
  })

  test('CountTrigger(3) fires at each third record and keeps the contents', () => {
    const operator = sumsOf({ assigner: globalWindows(), trigger: countTrigger(3) })
    const harness = runInAllModes({ operator, keyBy: shopOf, leavesState: true }, (h) => {
      for (let i = 1; i <= 7; i++) h.process([sale('a', 1)])
      h.process([sale('b', 1), sale('b', 1)])
    })
    expect(harness.output.map((one) => (one as Sale).amount)).toEqual([3, 6])
  })

  test('a purging trigger starts anew after each result', () => {
    const operator = sumsOf({ assigner: globalWindows(), trigger: purgingTrigger(countTrigger(3)) })
    const harness = runInAllModes({ operator, keyBy: shopOf }, (h) => {
      for (let i = 1; i <= 6; i++) h.process([sale('a', i)])
    })
    expect(harness.output.map((one) => (one as Sale).amount)).toEqual([6, 15])
  })

  test('another trigger on tumbling windows: what it leaves is dropped at the end', () => {
    const operator = sumsOf({ assigner: tumblingEventTimeWindows(10), trigger: countTrigger(2) })
    const harness = runInAllModes({ operator, keyBy: shopOf }, (h) => {
      for (let i = 1; i <= 3; i++) h.process([sale('a', i)], i)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.outputWithTimestamps.map(asText)).toEqual(['a:3@9'])
  })
})

describe('processing-time windows', () => {
  test('tumbling: close on the clock, without a watermark or timestamps', () => {
    const operator = sumsOf({ assigner: tumblingProcessingTimeWindows(10) })
    const harness = runInAllModes({ operator, keyBy: shopOf, startMs: 100 }, (h) => {
      h.process([sale('a', 1), sale('b', 2)])
      h.advanceProcessingTime(108)
      h.process([sale('a', 4)], 5_000)
      expect(h.output).toEqual([])
      h.advanceProcessingTime(112)
      h.process([sale('a', 8)])
      h.advanceProcessingTime(130)
    })
    expect(harness.outputWithTimestamps.map(asText)).toEqual(['a:5@109', 'b:2@109', 'a:8@119'])
  })

  test('sliding: each record counts in two windows', () => {
    const operator = sumsOf({ assigner: slidingProcessingTimeWindows(10, 5) })
    const harness = runInAllModes({ operator, keyBy: shopOf, startMs: 100 }, (h) => {
      h.process([sale('a', 1)])
      h.advanceProcessingTime(106)
      h.process([sale('a', 2)])
      h.advanceProcessingTime(200)
    })
    expect(harness.outputWithTimestamps.map(asText)).toEqual(['a:1@104', 'a:3@109', 'a:2@114'])
  })

  test('sessions: end when the clock shows a gap', () => {
    const operator = sumsOf({ assigner: processingTimeSessionWindows(10) })
    const harness = runInAllModes({ operator, keyBy: shopOf, startMs: 100 }, (h) => {
      h.process([sale('a', 1)])
      h.advanceProcessingTime(108)
      h.process([sale('a', 2)])
      h.advanceProcessingTime(150)
      h.process([sale('a', 4)])
      h.advanceProcessingTime(200)
    })
    expect(harness.outputWithTimestamps.map(asText)).toEqual(['a:3@117', 'a:4@159'])
  })
})

describe('wrong arguments', () => {
  test.each([
    () => tumblingEventTimeWindows(0),
    () => tumblingEventTimeWindows(1.5),
    () => tumblingEventTimeWindows(10, { offsetMs: 10 }),
    () => tumblingEventTimeWindows(10, { offsetMs: -10 }),
    () => slidingEventTimeWindows(10, 0),
    () => slidingEventTimeWindows(-1, 5),
    () => slidingEventTimeWindows(10, 5, { offsetMs: 5 }),
    () => eventTimeSessionWindows(0),
    () => tumblingProcessingTimeWindows(Number.NaN),
    () => slidingProcessingTimeWindows(10, Number.POSITIVE_INFINITY),
    () => processingTimeSessionWindows(-5),
    () => countTrigger(0),
    () => sumsOf({ assigner: tumblingEventTimeWindows(10), allowedLatenessMs: -1 }),
  ])('%s is refused with INVALID_ARGUMENT', (make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
