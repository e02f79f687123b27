import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { MAX_WATERMARK_MS, MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import type { WatermarkGenerator, WatermarkOutput } from './watermark-generator.ts'

/**
 * The watermark of one split, or of a subtask whose source names no splits: its generator and how
 * far that has come.
 */
export class TrackedSplit<T> implements WatermarkOutput {
  /** Undefined for a stream without watermarks. */
  readonly generator: WatermarkGenerator<T> | undefined
  /** The highest watermark the generator made so far. */
  watermarkMs: number = MIN_WATERMARK_MS
  idle = false
  /** Whether a record came since the last idle check; the clock is not read per record. */
  sawRecord = false
  lastActivityMs: number
  /** Records above this timestamp may be too far ahead; only used if there is a limit. */
  jumpLimitMs: number = Number.NEGATIVE_INFINITY
  /** False from becoming active again until the watermark has reached the combined one. */
  caughtUp = true

  constructor(generator: WatermarkGenerator<T> | undefined, nowMs: number) {
    this.generator = generator
    this.lastActivityMs = nowMs
  }

  emitWatermark(timestampMs: number): void {
    if (timestampMs > this.watermarkMs) {
      this.watermarkMs = Math.min(timestampMs, MAX_WATERMARK_MS)
    } else if (Number.isNaN(timestampMs)) {
      throw new EngineError(ErrorCode.INVALID_ARGUMENT, 'a watermark generator emitted NaN')
    }
  }
}
