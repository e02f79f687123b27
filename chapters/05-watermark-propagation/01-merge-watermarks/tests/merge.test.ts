import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMerger } from '#exercise/05-watermark-propagation/01-merge-watermarks'
import { MAX_WATERMARK_MS } from '#kit'
import { type ChannelCall, replay, specified } from './specification.ts'

describe('step 1: the minimum over all channels', () => {
  it('waits until every channel has a watermark', () => {
    const merger = createMerger(2)
    expect(merger.onWatermark(0, 5)).toBeUndefined()
    expect(merger.onWatermark(1, 3)).toBe(3)
  })

  it('follows the slowest channel', () => {
    const merger = createMerger(2)
    merger.onWatermark(0, 5)
    merger.onWatermark(1, 3)
    expect(merger.onWatermark(0, 9)).toBeUndefined()
    expect(merger.onWatermark(1, 7)).toBe(7)
    expect(merger.onWatermark(1, 12)).toBe(9)
  })

  it('ignores a watermark that goes back', () => {
    const merger = createMerger(1)
    expect(merger.onWatermark(0, 5)).toBe(5)
    expect(merger.onWatermark(0, 2)).toBeUndefined()
    expect(merger.onWatermark(0, 5)).toBeUndefined()
    expect(merger.onWatermark(0, 6)).toBe(6)
  })
})

describe('step 2: an idle channel does not hold back the rest', () => {
  it('goes on without it, at once', () => {
    const merger = createMerger(2)
    merger.onWatermark(0, 10)
    merger.onWatermark(1, 3)
    expect(merger.onIdle(1)).toBe(10)
    expect(merger.onWatermark(0, 11)).toBe(11)
  })

  it('does not wait for a channel that was idle from the start', () => {
    const merger = createMerger(2)
    expect(merger.onIdle(1)).toBeUndefined()
    expect(merger.onWatermark(0, 4)).toBe(4)
  })

  it('ignores what an idle channel says', () => {
    const merger = createMerger(2)
    merger.onWatermark(0, 4)
    merger.onIdle(1)
    expect(merger.onWatermark(1, 9)).toBeUndefined()
    expect(merger.onIdle(0)).toBeUndefined()
  })

  it.each([
    [0, 1],
    [1, 0],
  ])('rises to the maximum when all are idle, channel %d first', (first, second) => {
    const merger = createMerger(2)
    merger.onWatermark(0, 10)
    merger.onWatermark(1, 3)
    const returned = [merger.onIdle(first), merger.onIdle(second)]
    expect(Math.max(...returned.map((watermarkMs) => watermarkMs ?? 0))).toBe(10)
  })
})

describe('step 3: a channel that resumes behind has to catch up first', () => {
  it('does not hold back the rest meanwhile', () => {
    const merger = createMerger(2)
    merger.onWatermark(0, 10)
    merger.onWatermark(1, 3)
    merger.onIdle(1)
    expect(merger.onActive(1)).toBeUndefined()
    expect(merger.onWatermark(0, 20)).toBe(20)
    expect(merger.onWatermark(1, 15)).toBeUndefined()
    expect(merger.onWatermark(0, 30)).toBe(30)
  })

  it('counts again once it has caught up', () => {
    const merger = createMerger(2)
    merger.onWatermark(0, 10)
    merger.onIdle(1)
    merger.onActive(1)
    merger.onWatermark(1, 10)
    expect(merger.onWatermark(0, 20)).toBeUndefined()
    expect(merger.onWatermark(1, 14)).toBe(14)
  })
})

describe('step 4: a finished channel never counts again', () => {
  it('goes on without it, at once', () => {
    const merger = createMerger(2)
    merger.onWatermark(0, 10)
    merger.onWatermark(1, 3)
    expect(merger.onFinished(1)).toBe(10)
    expect(merger.onWatermark(1, 50)).toBeUndefined()
    expect(merger.onActive(1)).toBeUndefined()
    expect(merger.onWatermark(0, 12)).toBe(12)
  })

  it('does not end event time for channels that are only idle', () => {
    const merger = createMerger(2)
    merger.onWatermark(0, 10)
    merger.onWatermark(1, 3)
    merger.onFinished(0)
    expect(merger.onIdle(1)).toBe(10)
    merger.onActive(1)
    expect(merger.onWatermark(1, 11)).toBe(11)
  })

  it('ends event time when all channels have finished', () => {
    const merger = createMerger(2)
    merger.onIdle(0)
    expect(merger.onFinished(1)).toBeUndefined()
    expect(merger.onFinished(0)).toBe(MAX_WATERMARK_MS)
  })
})

/** Any calls that a merger of this many channels can see. */
function channelCalls(channelCount: number): fc.Arbitrary<ChannelCall[]> {
  const channel = fc.nat({ max: channelCount - 1 })
  const watermark = fc.record({
    kind: fc.constant('watermark' as const),
    channel,
    watermarkMs: fc.integer({ min: -20, max: 20 }),
  })
  const idle = fc.record({ kind: fc.constant('idle' as const), channel })
  const active = fc.record({ kind: fc.constant('active' as const), channel })
  const finished = fc.record({ kind: fc.constant('finished' as const), channel })
  const call: fc.Arbitrary<ChannelCall> = fc.oneof(
    { weight: 12, arbitrary: watermark },
    { weight: 4, arbitrary: idle },
    { weight: 4, arbitrary: active },
    { weight: 1, arbitrary: finished },
  )
  return fc.array(call, { maxLength: 30 })
}

describe('property: equals the specification', () => {
  it.each([1, 2, 3])('for any calls on %d channels', (channelCount) => {
    fc.assert(
      fc.property(channelCalls(channelCount), (calls) => {
        expect(replay(createMerger(channelCount), calls)).toEqual(specified(channelCount, calls))
      }),
      { numRuns: 300 },
    )
  })
})
