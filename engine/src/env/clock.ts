/** Reads time. Wall time may jump; monotonic time never goes back. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. May jump when the machine's clock is set. */
  nowMs(): number
  /** Milliseconds since some fixed point in the past, with fractions. Never goes back. */
  monotonicMs(): number
}
