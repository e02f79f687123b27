import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_WATERMARK_MS, MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import { MinimumWatermarkMerger } from './watermark-merger.ts'

describe('a merger', () => {
  test('waits until every channel has a watermark, then takes the lowest', () => {
    const merger = new MinimumWatermarkMerger(2)
    expect(merger.onWatermark(0, 5)).toBeUndefined()
    expect(merger.onWatermark(1, 9)).toBe(5)
    expect(merger.onWatermark(0, 8)).toBe(8)
    expect(merger.onWatermark(0, 20)).toBe(9)
    expect(merger.onWatermark(1, 7)).toBeUndefined()
  })

  test('is not held back by an idle channel', () => {
    const merger = new MinimumWatermarkMerger(2)
    merger.onWatermark(0, 5)
    expect(merger.onIdle(1)).toBe(5)
    expect(merger.onWatermark(0, 6)).toBe(6)
    expect(merger.allIdle).toBe(false)
  })

  test('lets a channel count again once it has caught up', () => {
    const merger = new MinimumWatermarkMerger(2)
    merger.onWatermark(0, 10)
    merger.onIdle(1)
    expect(merger.onActive(1)).toBeUndefined()
    expect(merger.onWatermark(0, 12)).toBe(12) // channel 1 stands behind and does not count
    expect(merger.onWatermark(1, 11)).toBeUndefined()
    expect(merger.onWatermark(0, 15)).toBe(15)
    expect(merger.onWatermark(1, 15)).toBeUndefined() // caught up
    expect(merger.onWatermark(0, 20)).toBeUndefined()
    expect(merger.onWatermark(1, 18)).toBe(18)
  })

  test('goes to the highest watermark when all channels are idle', () => {
    const merger = new MinimumWatermarkMerger(2)
    merger.onWatermark(0, 5)
    merger.onWatermark(1, 30)
    expect(merger.onIdle(1)).toBeUndefined()
    expect(merger.onIdle(0)).toBe(30)
    expect(merger.allIdle).toBe(true)
    merger.onActive(0)
    expect(merger.allIdle).toBe(false)
    expect(merger.onWatermark(0, 29)).toBeUndefined()
    expect(merger.onWatermark(0, 31)).toBe(31)
  })

  test('ends event time only when every channel has finished, idle ones included', () => {
    const merger = new MinimumWatermarkMerger(3)
    merger.onWatermark(0, 40)
    merger.onWatermark(1, 10)
    merger.onWatermark(2, 20)
    expect(merger.onWatermark(1, MAX_WATERMARK_MS)).toBe(20)
    expect(merger.onFinished(1)).toBeUndefined()
    merger.onIdle(2)
    expect(merger.onFinished(0)).toBeUndefined()
    expect(merger.allIdle).toBe(true)
    expect(merger.onWatermark(2, MAX_WATERMARK_MS)).toBe(MAX_WATERMARK_MS)
    expect(merger.allIdle).toBe(false)
  })

  test('ignores repeated statuses and what comes after the end', () => {
    const merger = new MinimumWatermarkMerger(2)
    merger.onIdle(0)
    merger.onIdle(0)
    merger.onActive(0)
    expect(merger.allIdle).toBe(false)
    merger.onFinished(0)
    merger.onFinished(0)
    expect(merger.onIdle(0)).toBeUndefined()
    expect(merger.onWatermark(1, 5)).toBe(5)
  })
})

type Event =
  | { readonly kind: 'watermark'; readonly channel: number; readonly at: number }
  | { readonly kind: 'idle' | 'active' | 'finished'; readonly channel: number }

/**
 * The laws, worked out anew from the whole history of events for each result, slowly: what a
 * channel is now, and whether its watermark has reached the combined one since it became active
 * last.
 */
function combinedBySpecification(channelCount: number, history: readonly Event[]): number[] {
  const results: number[] = []
  let combined = MIN_WATERMARK_MS
  for (let end = 1; end <= history.length; end++) {
    const channels = Array.from({ length: channelCount }, (_, channel) =>
      channelBySpecification(channel, history.slice(0, end), results),
    )
    const open = channels.filter((c) => c.status !== 'finished')
    const counting = open.filter((c) => c.status === 'active' && c.caughtUp)
    let next = MIN_WATERMARK_MS
    if (open.length === 0) next = MAX_WATERMARK_MS
    else if (open.every((c) => c.status === 'idle')) next = Math.max(...channels.map((c) => c.at))
    else if (counting.length > 0) next = Math.min(...counting.map((c) => c.at))
    combined = Math.max(combined, next)
    results.push(combined)
  }
  return results
}

function channelBySpecification(
  channel: number,
  history: readonly Event[],
  results: readonly number[],
): { readonly at: number; readonly status: string; readonly caughtUp: boolean } {
  let status = 'active'
  let at = MIN_WATERMARK_MS
  let caughtUp = true
  history.forEach((event, index) => {
    if (event.channel !== channel || status === 'finished') return
    const combinedBefore = results[index - 1] ?? MIN_WATERMARK_MS
    if (event.kind === 'watermark') {
      if (status === 'active') at = Math.max(at, event.at)
      caughtUp ||= at >= combinedBefore
      return
    }
    if (event.kind === 'active' && status === 'idle') caughtUp = at >= combinedBefore
    status = event.kind
  })
  return { at, status, caughtUp }
}

const channelCount = 3
const channel = fc.nat({ max: channelCount - 1 })
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('watermark' as const),
      channel,
      at: fc.integer({ min: -5, max: 40 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('idle' as const, 'active' as const), channel }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('finished' as const), channel }) },
)

test('for any order of watermark, idle, active and finish it follows the specification', () => {
  let flushes = 0
  let ends = 0
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (history) => {
      const merger = new MinimumWatermarkMerger(channelCount)
      const expected = combinedBySpecification(channelCount, history)
      let combined = MIN_WATERMARK_MS
      history.forEach((event, index) => {
        const advanced = apply(merger, event)
        if (advanced !== undefined) {
          expect(advanced).toBeGreaterThan(combined)
          combined = advanced
          if (merger.allIdle) flushes++
          if (advanced === MAX_WATERMARK_MS) ends++
        }
        expect(combined).toBe(expected[index])
      })
    }),
    { seed: 5, numRuns: 1_500 },
  )
  expect(flushes).toBeGreaterThan(10)
  expect(ends).toBeGreaterThan(10)
})

function apply(merger: MinimumWatermarkMerger, event: Event): number | undefined {
  switch (event.kind) {
    case 'watermark':
      return merger.onWatermark(event.channel, event.at)
    case 'idle':
      return merger.onIdle(event.channel)
    case 'active':
      return merger.onActive(event.channel)
    case 'finished':
      return merger.onFinished(event.channel)
  }
}
