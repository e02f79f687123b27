import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { VOID_NAMESPACE } from '../../state/namespace.ts'
import type { InternalTimerService } from '../../state/timer-service.ts'
import type { TimerService } from './timer-service.ts'

/** The timers of the user functions of a keyed operator: those of no particular window. */
export class KeyedTimerService implements TimerService {
  readonly #timers: InternalTimerService

  constructor(timers: InternalTimerService) {
    this.#timers = timers
  }

  currentWatermark(): number {
    return this.#timers.currentWatermarkMs
  }

  currentProcessingTime(): number {
    return this.#timers.currentProcessingTimeMs()
  }

  registerEventTimeTimer(timestampMs: number): void {
    requireTime(timestampMs)
    this.#timers.registerEventTimeTimer(VOID_NAMESPACE, timestampMs)
  }

  registerProcessingTimeTimer(timestampMs: number): void {
    requireTime(timestampMs)
    this.#timers.registerProcessingTimeTimer(VOID_NAMESPACE, timestampMs)
  }

  deleteEventTimeTimer(timestampMs: number): void {
    requireTime(timestampMs)
    this.#timers.deleteEventTimeTimer(VOID_NAMESPACE, timestampMs)
  }

  deleteProcessingTimeTimer(timestampMs: number): void {
    requireTime(timestampMs)
    this.#timers.deleteProcessingTimeTimer(VOID_NAMESPACE, timestampMs)
  }
}

function requireTime(timestampMs: number): void {
  if (Number.isFinite(timestampMs)) return
  throw new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `a timer needs a time in milliseconds since 1970, but got ${String(timestampMs)}. Does the ` +
      'record have a timestamp? It gets one from the watermark strategy of its source',
  )
}
