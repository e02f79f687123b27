import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { outputTag } from '../../core/output-tag.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import { type TwoInputHarness, twoInputHarness } from '../../testing/two-input-harness.ts'
import { types } from '../../types/types.ts'
import { type IntervalJoinOptions, intervalJoinOperator } from './interval-join.ts'
import type { ProcessJoinFunction } from './process-join-function.ts'

type Item = readonly [key: string, id: number]

const keyOf = ([key]: Item): string => key
const leftLate = outputTag<Item>('left-late')
const rightLate = outputTag<Item>('right-late')
const itemType = types.tuple(types.string, types.number)

function harness(
  lowerMs: number,
  upperMs: number,
  options: Partial<IntervalJoinOptions<string, Item, Item, string>> = {},
): TwoInputHarness<Item, Item, string> {
  return twoInputHarness<Item, Item, string>({
    operator: intervalJoinOperator<string, Item, Item, string>({
      keys: [keyOf, keyOf],
      lowerMs,
      upperMs,
      fn: (left, right, ctx, out) =>
        out.collect(`${left[1]}@${ctx.leftTimestampMs} ${right[1]}@${ctx.rightTimestampMs}`),
      leftLateTag: leftLate,
      rightLateTag: rightLate,
      leftType: itemType,
      rightType: itemType,
      ...options,
    }),
    keyBy1: keyOf,
    keyBy2: keyOf,
  })
}

test('both bounds belong to the interval, and a millisecond beyond does not', () => {
  const h = harness(-2, 3)
  h.process1([['a', 1]], 100)
  for (const timestampMs of [97, 98, 100, 103, 104]) h.process2([['a', 2]], timestampMs)
  expect(h.outputWithTimestamps).toEqual([
    { value: '1@100 2@98', timestampMs: 100 },
    { value: '1@100 2@100', timestampMs: 100 },
    { value: '1@100 2@103', timestampMs: 103 },
  ])
  h.close()
})

test('keys do not meet', () => {
  const h = harness(0, 10)
  h.process1([['a', 1]], 1)
  h.process2([['b', 2]], 1)
  expect(h.output).toEqual([])
  h.close()
})

describe('DST-15 state', () => {
  test('is empty once the watermark has passed the last chance of every record', () => {
    const h = harness(-5, 7)
    h.process1([['a', 1]], 100)
    h.process2([['a', 2]], 100)
    expect(h.stateEntries).toBe(2)
    h.watermark(104)
    expect(h.stateEntries).toBe(2)
    h.watermark(105) // no left record at or before 105 can come: right 100 was needed by those
    expect(h.stateEntries).toBe(1)
    h.watermark(106)
    expect(h.stateEntries).toBe(1)
    h.watermark(107)
    h.verifyNothingLeft()
    h.close()
  })

  test('is not made at all for a record whose partners are past', () => {
    const h = harness(-10, -5)
    h.process2([['a', 2]], 92)
    h.watermark(96)
    h.process1([['a', 1]], 100)
    h.process1([['a', 3]], 102)
    expect(h.output).toEqual(['1@100 2@92', '3@102 2@92'])
    expect(h.stateEntries).toBe(2) // of the left ones only that at 102 can meet another, at 97
    h.watermark(97)
    expect(h.stateEntries).toBe(1)
    h.watermark(102)
    h.verifyNothingLeft()
    h.close()
  })
})

test('late records go to the side output of their side, or are dropped and counted', () => {
  const h = harness(-10, 10)
  h.process1([['a', 1]], 10)
  h.watermark(10)
  h.process1([['a', 2]], 10)
  h.process2([['a', 3]], 9)
  h.process2([['a', 4]], 11)
  expect(h.output).toEqual(['1@10 4@11'])
  expect(h.sideOutput(leftLate)).toEqual([['a', 2]])
  expect(h.sideOutput(rightLate)).toEqual([['a', 3]])
  h.close()
  const dropping = harness(-10, 10, { leftLateTag: undefined, rightLateTag: undefined })
  dropping.watermark(10)
  dropping.process1([['a', 2]], 10)
  dropping.process2([['a', 2]], 10)
  expect(dropping.metrics.numLateRecordsDropped).toBe(2)
  dropping.close()
})

test('a function object is opened, and emits to side outputs at the time of the pair', () => {
  const seen = outputTag<string>('seen')
  const fn: ProcessJoinFunction<Item, Item, string> & { prefix: string } = {
    prefix: '',
    open() {
      this.prefix = 'pair'
    },
    processElement(_left, _right, ctx, out) {
      ctx.output(seen, `${this.prefix} ${ctx.timestampMs}`)
      out.collect(this.prefix)
    },
  }
  const h = harness(-5, 5, { fn })
  h.process2([['a', 1]], 4)
  h.process1([['a', 1]], 2)
  expect(h.sideOutput(seen)).toEqual(['pair 4'])
  expect(h.outputWithTimestamps).toEqual([{ value: 'pair', timestampMs: 4 }])
  h.close()
})

test('bounds in the wrong order and records without time are refused', () => {
  expect(() => harness(1, 0)).toThrow(expect.objectContaining({ code: ErrorCode.INVALID_ARGUMENT }))
  expect(() => harness(0.5, 1)).toThrow(
    expect.objectContaining({ code: ErrorCode.INVALID_ARGUMENT }),
  )
  const h = harness(0, 1)
  expect(() => h.process1([['a', 1]])).toThrow(/no timestamp/)
})

interface Step {
  readonly kind: 'left' | 'right' | 'watermark'
  readonly key: string
  readonly timestampMs: number
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('left', 'right', 'left', 'right', 'watermark'),
  key: fc.constantFrom('a', 'b', 'c'),
  timestampMs: fc.integer({ min: -30, max: 60 }),
})

/** Every pair of records that were on time, by two loops. */
function nestedLoop(steps: readonly Step[], lowerMs: number, upperMs: number): string[] {
  const onTime: (Step & { readonly id: number })[] = []
  let watermarkMs = Number.NEGATIVE_INFINITY
  steps.forEach((one, id) => {
    if (one.kind === 'watermark') watermarkMs = Math.max(watermarkMs, one.timestampMs)
    else if (one.timestampMs > watermarkMs) onTime.push({ ...one, id })
  })
  const pairs: string[] = []
  for (const left of onTime) {
    for (const right of onTime) {
      const laterMs = right.timestampMs - left.timestampMs
      if (left.kind !== 'left' || right.kind !== 'right' || left.key !== right.key) continue
      if (laterMs < lowerMs || laterMs > upperMs) continue
      pairs.push(`${left.id}@${left.timestampMs} ${right.id}@${right.timestampMs}`)
    }
  }
  return pairs.sort()
}

test('equals a nested loop for any interleaving, watermarks and bounds, in all modes', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: -20, max: 20 }),
      fc.integer({ min: 0, max: 20 }),
      (steps, lowerMs, spanMs) => {
        const h = harness(lowerMs, lowerMs + spanMs)
        steps.forEach(({ kind, key, timestampMs }, id) => {
          if (kind === 'left') h.process1([[key, id]], timestampMs)
          else if (kind === 'right') h.process2([[key, id]], timestampMs)
          else h.watermark(timestampMs)
        })
        expect([...h.output].sort()).toEqual(nestedLoop(steps, lowerMs, lowerMs + spanMs))
        h.watermark(MAX_WATERMARK_MS)
        h.verifyNothingLeft()
        h.close()
      },
    ),
    { seed: 15, numRuns: 80 },
  )
})
