/** A named run of bytes inside a subtask's state file. */
export interface StateSection {
  /** `keyed` (one per key group) or `operator` (one per list). */
  readonly kind: 'keyed' | 'operator'
  /** Name of the list for operator state; empty for keyed state, which names its tables inside. */
  readonly name: string
  /** The key group of keyed state; -1 for operator state. */
  readonly keyGroup: number
  /**
   * The bytes, one piece behind the other, never to be changed: snapshots share the pieces of state
   * that did not change between them. What was read back is one piece.
   */
  readonly pieces: readonly Uint8Array[]
}
