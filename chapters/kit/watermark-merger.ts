/**
 * Combines the watermarks of the input channels of a task into the watermark of the task.
 *
 * Each method returns the new combined watermark in milliseconds when the call has advanced it,
 * and `undefined` otherwise. The shape is that of the engine's seam of the same name.
 */
export interface WatermarkMerger {
  /** A watermark, in milliseconds, has come on a channel. */
  onWatermark(channel: number, watermarkMs: number): number | undefined
  /** A channel has fallen idle: it will be silent for a while. */
  onIdle(channel: number): number | undefined
  /** An idle channel has become active again. */
  onActive(channel: number): number | undefined
  /** A channel has ended and will never send again. */
  onFinished(channel: number): number | undefined
}

/** The watermark of a stream that has ended: no record at all is still expected. */
export const MAX_WATERMARK_MS: number = Number.MAX_SAFE_INTEGER
