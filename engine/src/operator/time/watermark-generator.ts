import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { MIN_WATERMARK_MS } from '../../core/stream-element.ts'

/** Takes the watermarks a generator makes. One that is not ahead of the last one is dropped. */
export interface WatermarkOutput {
  /** Says that no record with this or an earlier timestamp is still expected. */
  emitWatermark(timestampMs: number): void
}

/**
 * Makes the watermarks of one stream of records. One generator serves one subtask and is made anew
 * for each execution attempt.
 *
 * A *periodic* generator remembers in `onEvent` and emits in `onPeriodicEmit`; a *punctuated* one
 * emits in `onEvent`, whenever it sees a marker.
 */
export interface WatermarkGenerator<T> {
  /** Sees each record after its timestamp was assigned. What it emits goes behind the record. */
  onEvent(value: T, timestampMs: number, output: WatermarkOutput): void
  /** Called at the auto watermark interval, or after every record if that is 0. */
  onPeriodicEmit(output: WatermarkOutput): void
}

/**
 * The generator for records whose timestamps are out of order by at most a bound. Its watermark is
 * the highest timestamp so far, less the bound, less 1 ms: another record with exactly the oldest
 * allowed timestamp may still come.
 */
export class BoundedOutOfOrdernessGenerator<T> implements WatermarkGenerator<T> {
  readonly #boundMs: number
  #maxTimestampMs: number

  /** @throws INVALID_ARGUMENT if the bound is negative or not finite */
  constructor(boundMs: number) {
    if (!(boundMs >= 0 && Number.isFinite(boundMs))) {
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        `the bound of out-of-orderness must be a number of milliseconds >= 0, but is ${boundMs}`,
      )
    }
    this.#boundMs = boundMs
    // Such that the watermark before the first record is the lowest of all.
    this.#maxTimestampMs = MIN_WATERMARK_MS + boundMs + 1
  }

  onEvent(_value: T, timestampMs: number): void {
    if (timestampMs > this.#maxTimestampMs) this.#maxTimestampMs = timestampMs
  }

  onPeriodicEmit(output: WatermarkOutput): void {
    output.emitWatermark(this.#maxTimestampMs - this.#boundMs - 1)
  }
}

/** The generator for records whose timestamps never go back: the highest timestamp less 1 ms. */
export class MonotonousTimestampsGenerator<T> extends BoundedOutOfOrdernessGenerator<T> {
  constructor() {
    super(0)
  }
}
