/** Time as a process function sees it, and timers of the current key. */
export interface TimerService {
  /** The watermark the operator has received last, milliseconds since 1970. */
  currentWatermark(): number
  /** Wall time of the TaskManager, milliseconds since 1970. */
  currentProcessingTime(): number
  /**
   * Calls `onTimer` for the current key once the watermark reaches `timestampMs`. The same time
   * registered again for a key is the same timer.
   *
   * @throws INVALID_ARGUMENT if the time is no finite number, INVALID_PROGRAM off a keyed stream
   */
  registerEventTimeTimer(timestampMs: number): void
  /** Calls `onTimer` for the current key at that wall time, also when no record arrives. */
  registerProcessingTimeTimer(timestampMs: number): void
  /** Takes a timer of the current key back. Does nothing if there is none. */
  deleteEventTimeTimer(timestampMs: number): void
  /** See {@link TimerService.deleteEventTimeTimer}. */
  deleteProcessingTimeTimer(timestampMs: number): void
}

/** Which clock a timer follows. */
export type TimeDomain = 'event-time' | 'processing-time'
