// @kills "step 2: an idle channel does not hold back the rest"
import type { WatermarkMerger } from '#kit'
import * as good from '../../solution/index.ts'

/** Wrong: takes no notice of idle channels, so they hold back the rest. */
export function createMerger(channelCount: number): WatermarkMerger {
  return { ...good.createMerger(channelCount), onIdle: () => undefined }
}
