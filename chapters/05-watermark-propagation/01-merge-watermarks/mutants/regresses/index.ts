// @kills "step 1: the minimum over all channels"
import type { WatermarkMerger } from '#kit'
import * as good from '../../solution/index.ts'

/** Wrong: passes a watermark on although it goes back. */
export function createMerger(channelCount: number): WatermarkMerger {
  const merger = good.createMerger(channelCount)
  let combinedMs = Number.POSITIVE_INFINITY
  return {
    ...merger,
    onWatermark(channel, watermarkMs) {
      const advanced = merger.onWatermark(channel, watermarkMs)
      if (advanced !== undefined) combinedMs = advanced
      return watermarkMs < combinedMs && combinedMs !== Number.POSITIVE_INFINITY
        ? watermarkMs
        : advanced
    },
  }
}
