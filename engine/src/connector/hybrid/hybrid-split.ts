/** What goes from the enumerator of a hybrid source to its readers, and into their snapshots. */
export interface HybridSplit {
  /** The source it belongs to, counted from 0. */
  readonly stage: number
  /**
   * `split`: a split of that source. `begin`: read that source from now on. `no-more`: there are no
   * further splits of it. The last two are orders and never part of a snapshot.
   */
  readonly kind: 'split' | 'begin' | 'no-more'
  /** The split, or what the source before handed over. */
  readonly content: unknown
}

/** State of the enumerator of a hybrid source. */
export interface HybridState {
  readonly stage: number
  /** What the source before handed over. */
  readonly handover: unknown
  /** The state of the enumerator of that source. */
  readonly inner: unknown
  /** Splits of sources before that a failed subtask gave back. */
  readonly returned: readonly HybridSplit[]
}
