// @kills "step 3: a channel that resumes behind has to catch up first"
import type { WatermarkMerger } from '#kit'
import * as good from '../../solution/index.ts'

/** Wrong: a channel that resumes holds back the rest from the first moment. */
export function createMerger(channelCount: number): WatermarkMerger {
  const merger = good.createMerger(channelCount)
  const behindMs = new Map<number, number>()
  let combinedMs = Number.NEGATIVE_INFINITY
  const noted = (advanced: number | undefined): number | undefined => {
    if (advanced === undefined || behindMs.size > 0) return undefined
    combinedMs = advanced
    return advanced
  }
  return {
    onWatermark(channel, watermarkMs) {
      const advanced = merger.onWatermark(channel, watermarkMs)
      if (watermarkMs >= combinedMs) behindMs.delete(channel)
      return noted(advanced)
    },
    onIdle(channel) {
      behindMs.delete(channel)
      return noted(merger.onIdle(channel))
    },
    onActive(channel) {
      behindMs.set(channel, combinedMs)
      return noted(merger.onActive(channel))
    },
    onFinished(channel) {
      behindMs.delete(channel)
      return noted(merger.onFinished(channel))
    },
  }
}
