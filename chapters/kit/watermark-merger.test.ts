import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MAX_WATERMARK_MS as ENGINE_MAX } from '../../engine/src/core/stream-element.ts'
import { MinimumWatermarkMerger } from '../../engine/src/operator/time/watermark-merger.ts'
import {
  type ChannelCall,
  replay,
  specified,
} from '../05-watermark-propagation/01-merge-watermarks/tests/specification.ts'
import { MAX_WATERMARK_MS, type WatermarkMerger } from './watermark-merger.ts'

it('says what the engine does: the exercise specifies the merger of real tasks', () => {
  const call: fc.Arbitrary<ChannelCall> = fc.oneof(
    fc.record({
      kind: fc.constant('watermark' as const),
      channel: fc.nat({ max: 2 }),
      watermarkMs: fc.integer({ min: -20, max: 20 }),
    }),
    fc.record({
      kind: fc.constantFrom('idle' as const, 'active' as const),
      channel: fc.nat({ max: 2 }),
    }),
    fc.record({ kind: fc.constant('finished' as const), channel: fc.nat({ max: 2 }) }),
  )
  fc.assert(
    fc.property(fc.array(call, { maxLength: 40 }), (calls) => {
      const merger: WatermarkMerger = new MinimumWatermarkMerger(3)
      expect(replay(merger, calls)).toEqual(specified(3, calls))
    }),
    { numRuns: 1000, seed: 1 },
  )
})

it('has the greatest watermark of the engine', () => {
  expect(MAX_WATERMARK_MS).toBe(ENGINE_MAX)
})
