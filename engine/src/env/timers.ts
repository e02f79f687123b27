/** Calls something later, once. Timers of equal deadline fire in the order they were scheduled. */
export interface Timers {
  /**
   * Calls `run` once, when {@link Clock.nowMs} has reached `atMs`, never synchronously. A deadline
   * in the past fires as soon as the executor is free.
   */
  schedule(atMs: number, run: () => void): ScheduledTimer
}

/** A timer that has not fired yet. */
export interface ScheduledTimer {
  /** Makes sure that the timer does not fire any more. Does nothing after it has fired. */
  cancel(): void
}
