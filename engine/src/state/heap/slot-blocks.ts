import type { BlockBytes } from './block-bytes.ts'
import type { EntryOwner } from './heap-entries.ts'

/** Slots of a block: as many entries as a slice of a snapshot, for a block is written at once. */
export const BLOCK_SLOTS = 4096

/** What entries in slots need of the namespace they are in. */
export interface BlockOwner<V> extends EntryOwner<V> {
  /** Slots of a block, a power of two; undefined where no bytes may be kept. */
  readonly blockSlots: number | undefined
  /** The bytes of entries, for {@link BlockOwner.takeBlock}; they are in no snapshot yet. */
  serializeBlock(keys: readonly number[], values: readonly V[]): BlockBytes
  /** Puts entries below the line into the open snapshot by their bytes. */
  takeBlock(bytes: BlockBytes): void
}

/**
 * What snapshots know of the slots of a table, by blocks of slots.
 *
 * A stream mostly comes back to keys it saw lately, and slots are in order of insertion: so most
 * blocks of a large table do not change between two snapshots. A snapshot writes a block at once,
 * and its bytes are kept and go into one snapshot after the other, until an entry changes. Only a
 * block that changes while a snapshot is on its way to it is written entry by entry.
 */
export class SlotBlocks {
  readonly #bits: number
  /** The version in which something in a block last changed. */
  readonly #changedAt: Int32Array
  /** The version in which a block went into a snapshot as a whole. */
  readonly #takenAt: Int32Array
  /** Of blocks that did not change since they were written. */
  readonly #bytes: (BlockBytes | undefined)[]

  /**
   * @param slots how many there are in the table
   * @param blockSlots how many of them are a block, a power of two
   */
  constructor(slots: number, blockSlots: number) {
    const size = Math.ceil(slots / blockSlots)
    this.#bits = Math.log2(blockSlots)
    this.#changedAt = new Int32Array(size)
    this.#takenAt = new Int32Array(size)
    this.#bytes = new Array<BlockBytes | undefined>(size).fill(undefined)
  }

  /** Goes on from the blocks of a table that has the same entries in the same slots. */
  goOnFrom(former: SlotBlocks): void {
    const size = Math.min(this.#bytes.length, former.#bytes.length)
    for (let block = 0; block < size; block++) {
      this.#changedAt[block] = former.#changedAt[block] as number
      this.#takenAt[block] = former.#takenAt[block] as number
      this.#bytes[block] = former.#bytes[block]
    }
  }

  /** Slots of a block. */
  get blockSlots(): number {
    return 1 << this.#bits
  }

  /** The version in which something in the block of the slot last changed. */
  changedAt(slot: number): number {
    return this.#changedAt[slot >> this.#bits] as number
  }

  /** Something in the block of the slot is about to change. */
  change(slot: number, version: number): void {
    this.#changedAt[slot >> this.#bits] = version
    this.#bytes[slot >> this.#bits] = undefined
  }

  /** The version of the last snapshot that the block of the slot went into as a whole, or 0. */
  takenAt(slot: number): number {
    return this.#takenAt[slot >> this.#bits] as number
  }

  /** The bytes of the block of the slot, if they are kept. */
  bytesOf(slot: number): BlockBytes | undefined {
    return this.#bytes[slot >> this.#bits]
  }

  /** The block of the slot goes into a snapshot as a whole. */
  take(slot: number, bytes: BlockBytes, version: number): void {
    this.#bytes[slot >> this.#bits] = bytes
    this.#takenAt[slot >> this.#bits] = version
  }
}
