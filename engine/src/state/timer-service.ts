import type { Namespace } from './namespace.ts'

/** Registers timers for the current key of an operator. One timer per key, namespace and time. */
export interface InternalTimerService {
  /** The watermark that the operator received last. */
  readonly currentWatermarkMs: number
  /** Wall time of the TaskManager, milliseconds since 1970. */
  currentProcessingTimeMs(): number
  registerEventTimeTimer(namespace: Namespace, timestampMs: number): void
  deleteEventTimeTimer(namespace: Namespace, timestampMs: number): void
  registerProcessingTimeTimer(namespace: Namespace, timestampMs: number): void
  deleteProcessingTimeTimer(namespace: Namespace, timestampMs: number): void
}

/** Who is called when a timer fires. The backend's current key is set to the timer's before. */
export interface TimerTarget {
  onEventTimer(timestampMs: number, namespace: Namespace): void
  onProcessingTimer(timestampMs: number, namespace: Namespace): void
}
