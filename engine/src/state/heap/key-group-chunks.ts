import { ByteWriter } from '../../base/byte-writer.ts'
import type { KeyGroupRange } from '../../core/key-group.ts'
import type { BlockBytes } from './block-bytes.ts'
import { foreignKeyGroup } from './foreign-key-group.ts'

/** The serialized entries of one key group: of one table, or of the timers of one service. */
export interface Chunk {
  readonly count: number
  /** One behind the other. */
  readonly pieces: readonly Uint8Array[]
}

/** A chunk is mostly as large as in the last snapshot, or a little larger. */
const GROWTH = 1.125

/** The room for the entries of a key group that had none in the last snapshot. */
const FIRST_BYTES = 64

/** Collects the entries of a table by key group while a snapshot walks it. */
export class KeyGroupChunks {
  readonly range: KeyGroupRange
  readonly #writers: (ByteWriter | undefined)[]
  readonly #counts: number[]
  readonly #lastLengths: readonly number[]
  readonly #blocks: BlockBytes[] = []

  /**
   * @param lastLengths what {@link KeyGroupChunks.lengths} were in the last snapshot: buffers that
   * need not grow are neither copied nor left to the garbage collector
   */
  constructor(range: KeyGroupRange, lastLengths: readonly number[] = []) {
    const size = range.last - range.first + 1
    this.range = range
    this.#writers = new Array<ByteWriter | undefined>(size).fill(undefined)
    this.#counts = new Array<number>(size).fill(0)
    this.#lastLengths = lastLengths
  }

  /** The bytes by key group, without those of blocks. */
  get lengths(): readonly number[] {
    return this.#writers.map((writer) => writer?.length ?? 0)
  }

  /** Where to append an entry of a key group; {@link KeyGroupChunks.count} says it is complete. */
  writer(keyGroup: number): ByteWriter {
    const index = keyGroup - this.range.first
    // Not by `assert`, which has its text made for each entry of a snapshot.
    if (index < 0 || index >= this.#writers.length) throw foreignKeyGroup(keyGroup)
    let writer = this.#writers[index]
    if (writer === undefined) {
      writer = new ByteWriter(FIRST_BYTES + Math.ceil((this.#lastLengths[index] ?? 0) * GROWTH))
      this.#writers[index] = writer
    }
    return writer
  }

  /** Says that one more entry of the key group is written completely. */
  count(keyGroup: number): void {
    const index = keyGroup - this.range.first
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
  }

  /** Adds the entries of a block, of all key groups. */
  addBlock(block: BlockBytes): void {
    this.#blocks.push(block)
  }

  /** The chunk of a key group, as views; undefined if it has no entry. */
  chunk(keyGroup: number): Chunk | undefined {
    let count = this.#counts[keyGroup - this.range.first] ?? 0
    const pieces: Uint8Array[] = []
    const writer = this.#writers[keyGroup - this.range.first]
    if (writer !== undefined && count > 0) pieces.push(writer.view())
    for (const block of this.#blocks) {
      const piece = block.pieceOf(keyGroup)
      if (piece === undefined) continue
      pieces.push(piece)
      count += block.countOf(keyGroup)
    }
    return count === 0 ? undefined : { count, pieces }
  }
}
