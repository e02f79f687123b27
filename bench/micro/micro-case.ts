/** One small benchmark. */
export interface MicroCase {
  readonly name: string
  /** How many records one iteration handles; enough to hide the cost of reading the clock. */
  readonly records: number
  /**
   * Prepares what an iteration needs. An iteration returns a checksum of all it computed, the same
   * each time, so that nothing can be left out by the compiler or by mistake.
   */
  prepare(): () => number
}

/** Records per iteration of all cases. */
export const RECORDS = 1_024
