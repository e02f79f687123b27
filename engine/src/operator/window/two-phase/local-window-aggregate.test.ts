import { describe, expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../../../core/stream-element.ts'
import { type OperatorHarness, operatorHarness } from '../../../testing/operator-harness.ts'
import { slidingEventTimeWindows } from '../assigners/sliding-event-time-windows.ts'
import { tumblingEventTimeWindows } from '../assigners/tumbling-event-time-windows.ts'
import type { TimeWindow } from '../time-window.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import {
  type LocalWindowAggregateOptions,
  localWindowAggregateOperator,
} from './local-window-aggregate.ts'
import type { PartialAggregate } from './partial-aggregate.ts'
import { twoPhasePanes } from './two-phase-panes.ts'

interface Word {
  readonly key: string
  readonly text: string
}

type LateRecords = LocalWindowAggregateOptions<Word, string>['lateRecords']

type Harness = OperatorHarness<Word, PartialAggregate<string, unknown>>

function harnessOf(
  assigner: WindowAssigner<unknown, TimeWindow> = tumblingEventTimeWindows(10),
  entriesMax = 100,
  lateRecords: LateRecords = 'drops',
): Harness {
  const operator = localWindowAggregateOperator<Word, string>({
    keySelector: ({ key }) => key,
    aggregate: {
      createAccumulator: () => '',
      add: ({ text }, texts) => `${texts}${text}`,
      merge: (left, right) => `${left}${right}`,
      getResult: (texts) => texts,
    },
    panes: twoPhasePanes(assigner),
    entriesMax,
    lateRecords,
  })
  return operatorHarness<Word, PartialAggregate<string, unknown>>({ operator, modes: ['plain'] })
}

function feed(harness: Harness, words: string, timestampMs: number): void {
  harness.process(
    words.split(' ').map((word) => ({ key: word[0] as string, text: word })),
    timestampMs,
  )
}

/** What was sent, in the order of sending: the text of each partial and its timestamp. */
function sent(harness: Harness): readonly string[] {
  return harness.outputWithTimestamps.map(
    ({ value, timestampMs }) => `${value.accumulator}@${timestampMs}`,
  )
}

test('partials of a pane are sent when the watermark reaches its end, each once', () => {
  const harness = harnessOf()
  feed(harness, 'a1 b1 a2', 3)
  feed(harness, 'a3', 12)
  feed(harness, 'a4', 9)
  harness.watermark(8)
  expect(sent(harness)).toEqual([])
  harness.watermark(9)
  expect(sent(harness)).toEqual(['a1a2a4@0', 'b1@0'])
  harness.watermark(30)
  expect(sent(harness)).toEqual(['a1a2a4@0', 'b1@0', 'a3@10'])
})

test('a record behind the end of its pane is sent at once, with its own timestamp', () => {
  const harness = harnessOf()
  harness.watermark(9)
  feed(harness, 'a1 a2', 5)
  expect(sent(harness)).toEqual(['a1@5', 'a2@5'])
  feed(harness, 'a3 a4', 10)
  expect(sent(harness)).toEqual(['a1@5', 'a2@5'])
})

test('the pane of windows that overlap ends with the first of them', () => {
  const harness = harnessOf(slidingEventTimeWindows(10, 4)) // panes [0, 2), [2, 4), [4, 6), ...
  feed(harness, 'a1 a2', 1)
  feed(harness, 'a3', 2)
  harness.watermark(1)
  expect(sent(harness)).toEqual(['a1a2@0'])
})

test('all is sent when there are too many partials', () => {
  const harness = harnessOf(tumblingEventTimeWindows(10), 2)
  feed(harness, 'a1 b1 a2', 3)
  expect(sent(harness)).toEqual([])
  feed(harness, 'a3', 13)
  expect(sent(harness)).toEqual(['a1a2@0', 'b1@0', 'a3@10'])
  feed(harness, 'a4 b2', 3)
  expect(sent(harness)).toHaveLength(3)
})

test.each<readonly [string, (harness: Harness) => void]>([
  ['at a barrier', (harness) => harness.barrier(1)],
  ['before its input is idle', (harness) => harness.watermarkStatus(true)],
  ['at the end of its input', (harness) => harness.endInput()],
])('all is sent %s', (_, act) => {
  const harness = harnessOf()
  feed(harness, 'a1 b1', 3)
  feed(harness, 'a2', 13)
  act(harness)
  expect(sent(harness)).toEqual(['a1@0', 'b1@0', 'a2@10'])
})

test('an input that was idle holds nothing: nobody waits until it has caught up', () => {
  const harness = harnessOf()
  feed(harness, 'a1', 3)
  harness.watermarkStatus(true)
  harness.watermarkStatus(false)
  feed(harness, 'a2 a3', 12)
  expect(sent(harness)).toEqual(['a1@0', 'a2a3@10'])
})

test('idle is said behind what was held', () => {
  const harness = harnessOf()
  feed(harness, 'a1', 3)
  harness.watermarkStatus(true)
  feed(harness, 'a2', 3)
  harness.watermarkStatus(false)
  const kinds = harness.elements.map(({ kind }) => kind)
  expect(kinds).toEqual(['record', 'watermark-status', 'record', 'watermark-status'])
})

test('a record without a timestamp is refused, whatever came before it', () => {
  const harness = harnessOf()
  feed(harness, 'a1', 3)
  expect(() => feed(harness, 'a2', Number.NaN)).toThrow(/has no timestamp/)
})

test('a partial says of how many records it is', () => {
  const harness = harnessOf()
  feed(harness, 'a1 b1 a2', 3)
  harness.watermark(9)
  feed(harness, 'a3', 3)
  expect(harness.output.map(({ recordCount }) => recordCount)).toEqual([2, 1, 1])
})

test('between windows records are handed on at once: they may be late before the gap is over', () => {
  const harness = harnessOf(slidingEventTimeWindows(4, 10)) // windows [0, 4), [10, 14), ...
  feed(harness, 'a1 a2', 5)
  expect(sent(harness)).toEqual(['a1@5', 'a2@5'])
})

test.each([
  { lateRecords: 'drops', after: ['a1a2@0'], record: [undefined] },
  { lateRecords: 'takes', after: ['a1@3', 'a2@3'], record: [undefined, undefined] },
  { lateRecords: 'puts aside', after: ['a1@3', 'a2@3'], record: ['a1', 'a2'] },
] as const)('late records that the second phase $lateRecords, after idleness', (late) => {
  const harness = harnessOf(tumblingEventTimeWindows(10), 100, late.lateRecords)
  harness.watermarkStatus(true)
  harness.watermarkStatus(false)
  feed(harness, 'a1 a2', 3)
  expect(sent(harness)).toEqual(late.after)
  const records = harness.output.map(({ record }) => (record as Word | undefined)?.text)
  expect(records).toEqual(late.record)
})

/** As many words as texts, of so many keys, in turn. */
function feedMany(harness: Harness, count: number, keyCount: number, timestampMs: number): void {
  const words = Array.from({ length: count }, (_, index) => ({
    key: `k${index % keyCount}`,
    text: `${index},`,
  }))
  harness.process(words, timestampMs)
}

describe('where folding brings little', () => {
  /** Of how many records are the partials behind the first `from`. */
  const counts = (harness: Harness, from: number): readonly number[] =>
    harness.output.slice(from).map(({ recordCount }) => recordCount)

  test('records are handed on by themselves, with their own timestamps; then it is tried again', () => {
    const harness = harnessOf(tumblingEventTimeWindows(10), 10_000)
    feedMany(harness, 1_000, 600, 3)
    harness.watermark(9)
    expect(counts(harness, 0)).toHaveLength(600)
    feedMany(harness, 15_000, 2, 13)
    expect(counts(harness, 600)).toEqual(new Array(15_000).fill(1))
    const alone = harness.outputWithTimestamps.slice(600).map(({ timestampMs }) => timestampMs)
    expect(new Set(alone)).toEqual(new Set([13]))
    expect(harness.metrics.numRecordsUnfolded).toBe(15_000)
    feedMany(harness, 100, 2, 13)
    expect(counts(harness, 15_600)).toEqual([])
    harness.watermark(19)
    expect(counts(harness, 15_600)).toEqual([50, 50])
  })

  test('nothing that is held comes behind a record that is handed on by itself', () => {
    const harness = harnessOf(tumblingEventTimeWindows(10), 10_000)
    feedMany(harness, 1_000, 1_000, 3)
    feed(harness, 'a1', 13)
    harness.watermark(9)
    feed(harness, 'a2', 13)
    expect(sent(harness).slice(1_000)).toEqual(['a1@10', 'a2@13'])
  })

  test('a record without a timestamp is refused then, too', () => {
    const harness = harnessOf(tumblingEventTimeWindows(10), 10_000)
    feedMany(harness, 1_000, 1_000, 3)
    harness.watermark(9)
    expect(() => feed(harness, 'a2', Number.NaN)).toThrow(/has no timestamp/)
  })

  test('each brings its record along where that is put aside if it is late', () => {
    const harness = harnessOf(tumblingEventTimeWindows(10), 10_000, 'puts aside')
    feedMany(harness, 1_000, 1_000, 3)
    harness.watermark(9)
    feed(harness, 'a1', 13)
    expect(harness.output.at(-1)).toMatchObject({ accumulator: 'a1', record: { text: 'a1' } })
  })
})

describe('restored', () => {
  const restored = (lateRecords: LateRecords, before: (harness: Harness) => void) => {
    const harness = harnessOf(tumblingEventTimeWindows(10), 100, lateRecords)
    before(harness)
    harness.restore(harness.snapshot())
    feed(harness, 'a1 a2', 3)
    feed(harness, 'a3 a4', 13)
    harness.barrier(7)
    return sent(harness)
  }

  test('records that may be late come one by one where that matters', () => {
    const before = (harness: Harness): void => harness.watermark(9)
    expect(restored('takes', before)).toEqual(['a1@3', 'a2@3', 'a3a4@10'])
    expect(restored('drops', before)).toEqual(['a1a2@0', 'a3a4@10'])
  })

  test('the end of event time is not stored: others may have been behind it', () => {
    const before = (harness: Harness): void => {
      harness.watermark(9)
      harness.watermark(MAX_WATERMARK_MS)
    }
    expect(restored('takes', before)).toEqual(['a1@3', 'a2@3', 'a3a4@10'])
  })

  test('idleness is not stored: all count as active again', () => {
    const before = (harness: Harness): void => {
      harness.watermark(9)
      harness.watermarkStatus(true)
    }
    expect(restored('takes', before)).toEqual(['a1@3', 'a2@3', 'a3a4@10'])
  })
})
