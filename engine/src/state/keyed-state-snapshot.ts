import type { StateSection } from './state-section.ts'

/** An open snapshot of keyed state. Serialized in slices, so that records flow in between. */
export interface KeyedStateSnapshot {
  readonly checkpointId: number
  /**
   * Serializes up to `maxEntries` further entries.
   * @returns true when the snapshot is complete
   */
  advance(maxEntries: number): boolean
  /** The bytes by key group; only after `advance` returned true. */
  sections(): readonly StateSection[]
  /** Gives the snapshot up (its checkpoint was aborted). Later writes cost nothing any more. */
  abort(): void
}
