import { assert } from '../../base/engine-error.ts'

/**
 * The line that a snapshot draws through the tables of a heap backend. Every entry carries the
 * version in which it was made or serialized; an entry below the line belongs to the open snapshot
 * and is still to be serialized.
 */
export class SnapshotLine {
  /** The stamp of entries made now. */
  version = 1
  /** Entries with a lower version are still to be serialized; 0 while no snapshot is open. */
  cut = 0
  /** How many entries there are in all tables. */
  entryCount = 0
  /** How many entries below the line are still to be serialized. */
  pendingCount = 0

  get isOpen(): boolean {
    return this.cut > 0
  }

  /** Puts all entries there are below the line. */
  open(): void {
    assert(!this.isOpen, 'a snapshot of this backend is still open: finish or abort it first')
    this.version++
    this.cut = this.version
    this.pendingCount = this.entryCount
  }

  /** From now on no entry is below the line. */
  close(): void {
    this.cut = 0
    this.pendingCount = 0
  }
}
