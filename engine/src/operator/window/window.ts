/** A finite part of a stream over which a function computes. */
export interface Window {
  /** The last millisecond that belongs to the window. Its results carry this timestamp. */
  readonly maxTimestampMs: number
}
