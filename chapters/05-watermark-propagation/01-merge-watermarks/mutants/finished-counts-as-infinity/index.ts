// @kills "step 4: a finished channel never counts again"
import { MAX_WATERMARK_MS, type WatermarkMerger } from '#kit'
import * as good from '../../solution/index.ts'

/** Wrong: a finished channel is taken for one with the highest watermark of all. */
export function createMerger(channelCount: number): WatermarkMerger {
  const merger = good.createMerger(channelCount)
  return {
    ...merger,
    onFinished(channel) {
      const advanced = merger.onWatermark(channel, MAX_WATERMARK_MS)
      return merger.onFinished(channel) ?? advanced
    },
  }
}
