import type { ByteWriter } from '../../base/byte-writer.ts'
import { writeInts } from './write-ints.ts'

/** 512 slots are a block: larger ones are still for a shorter time, smaller ones copied slower. */
const BLOCK_BITS = 9
const BLOCK_INTS = 2 << BLOCK_BITS

/** With fewer slots a map is encoded too fast to be worth the memory. */
const MIN_SLOTS = 8 << BLOCK_BITS

/**
 * What the slots of one large map were in its last snapshot, in bytes, by blocks of slots: a
 * snapshot writes the map as a whole, though most of it mostly is as it was in the one before. A
 * block without a change since is copied, which takes a thirtieth of the time.
 *
 * Whoever changes a slot marks its block. A block that changed between the last two snapshots keeps
 * no bytes: it is likely to change again, and to keep them takes half as long as to encode them.
 */
export class IntSlotsBytes {
  /** By block: 1 if a slot changed since the last snapshot. */
  #changed: Uint8Array
  readonly #bytes: (Uint8Array | undefined)[] = []

  /** @param capacity how many slots there may be */
  constructor(capacity: number) {
    this.#changed = new Uint8Array(blockCountOf(capacity))
  }

  /** Whether it pays for a map of so many slots. */
  static paysFor(slotCount: number): boolean {
    return slotCount >= MIN_SLOTS
  }

  /** Makes room for more slots; those there are keep their numbers. */
  grow(capacity: number): void {
    const changed = new Uint8Array(blockCountOf(capacity))
    changed.set(this.#changed)
    this.#changed = changed
  }

  /** Says that a slot changed or is new. A change without it is missing in the next snapshots. */
  mark(slot: number): void {
    this.#changed[slot >> BLOCK_BITS] = 1
  }

  /**
   * Writes the slots as `writeInts` does.
   * @param pairs keys and values of all slots, in turn
   */
  write(pairs: Int32Array, output: ByteWriter): void {
    for (let block = 0; block * BLOCK_INTS < pairs.length; block++) {
      const bytes = this.#bytes[block]
      if (this.#changed[block] === 0 && bytes !== undefined) output.bytes(bytes)
      else this.#encode(block, pairs, output)
    }
  }

  #encode(block: number, pairs: Int32Array, output: ByteWriter): void {
    const start = output.length
    writeInts(pairs.subarray(block * BLOCK_INTS, (block + 1) * BLOCK_INTS), output)
    const isStill = this.#changed[block] === 0
    this.#bytes[block] = isStill ? output.view().slice(start) : undefined
    this.#changed[block] = 0
  }
}

function blockCountOf(slotCount: number): number {
  return Math.ceil(slotCount / (1 << BLOCK_BITS))
}
