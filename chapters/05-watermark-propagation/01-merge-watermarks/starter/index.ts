import { todo, type WatermarkMerger } from '#kit'

/**
 * Creates the object that combines the watermarks of `channelCount` input channels.
 *
 * Contract. Each call returns the combined watermark if the call has advanced it, and `undefined`
 * otherwise; so what a merger returns only ever grows.
 *
 * 1. The combined watermark is the minimum over all channels. Until every channel has sent one,
 *    there is none. A watermark that is no higher than the last one of its channel is ignored.
 * 2. An idle channel does not hold back the rest. Its watermarks are ignored until it is active
 *    again. When all channels are idle nobody is left to wait for, and the combined watermark
 *    rises to the maximum over all channels.
 * 3. A channel that becomes active again behind the combined watermark does not count until its
 *    own watermark has caught up.
 * 4. A finished channel never counts again. When all others are idle, rule 2 holds for them; only
 *    when all channels have finished does the combined watermark rise to `MAX_WATERMARK_MS`.
 *
 * @param channelCount number of channels, at least 1; they are numbered from 0
 */
export function createMerger(channelCount: number): WatermarkMerger {
  return {
    onWatermark: (channel, watermarkMs) =>
      todo(`take ${watermarkMs} on channel ${channel} of ${channelCount}`),
    onIdle: (channel) => todo(`go on without channel ${channel}`),
    onActive: (channel) => todo(`wait for channel ${channel} again, unless it is behind`),
    onFinished: (channel) => todo(`forget channel ${channel}`),
  }
}
