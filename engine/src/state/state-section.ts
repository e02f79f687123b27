/** A named run of bytes inside a subtask's state file. */
export interface StateSection {
  /** `keyed` (one per key group) or `operator` (one per list). */
  readonly kind: 'keyed' | 'operator'
  /** Name of the list for operator state; empty for keyed state, which names its tables inside. */
  readonly name: string
  /** The key group of keyed state; -1 for operator state. */
  readonly keyGroup: number
  readonly bytes: Uint8Array
}
