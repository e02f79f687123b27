import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import type { OperatorContext } from '../operator-context.ts'
import { operatorOf } from '../record-error.ts'
import type { TimerService } from './timer-service.ts'

/** The time of a function on a stream without keys: it can be read, but there are no timers. */
export class UnkeyedTimerService implements TimerService {
  /** The watermark the operator has received last; set by the operator. */
  watermarkMs: number = MIN_WATERMARK_MS
  readonly #context: OperatorContext

  constructor(context: OperatorContext) {
    this.#context = context
  }

  currentWatermark(): number {
    return this.watermarkMs
  }

  currentProcessingTime(): number {
    return this.#context.processingTime.nowMs()
  }

  registerEventTimeTimer(): void {
    this.#refuse()
  }

  registerProcessingTimeTimer(): void {
    this.#refuse()
  }

  deleteEventTimeTimer(): void {
    this.#refuse()
  }

  deleteProcessingTimeTimer(): void {
    this.#refuse()
  }

  #refuse(): never {
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `The function of ${operatorOf(this.#context)} uses timers, but its stream is not keyed. Call ` +
        'keyBy(...) before process(...): a timer belongs to a key',
    )
  }
}
