import type { ByteWriter } from '../../base/byte-writer.ts'
import type { KeyGroupRange } from '../../core/key-group.ts'
import { foreignKeyGroup } from './foreign-key-group.ts'

/** The serialized entries of one block of a table, by key group: see `SlotBlocks`. */
export class BlockBytes {
  /** How many entries there are of all key groups. */
  readonly count: number
  readonly #first: number
  readonly #counts: Int32Array
  readonly #pieces: readonly (Uint8Array | undefined)[]

  constructor(first: number, counts: Int32Array, pieces: readonly (Uint8Array | undefined)[]) {
    this.count = counts.reduce((sum, count) => sum + count, 0)
    this.#first = first
    this.#counts = counts
    this.#pieces = pieces
  }

  /** How many entries there are of a key group. */
  countOf(keyGroup: number): number {
    return this.#counts[keyGroup - this.#first] as number
  }

  /** The entries of a key group; undefined if there are none. */
  pieceOf(keyGroup: number): Uint8Array | undefined {
    return this.#pieces[keyGroup - this.#first]
  }
}

/**
 * Writes entries grouped by key group.
 * @param keyGroups the key group of each entry
 * @param write appends an entry; what it throws leaves nothing behind
 * @param scratch a writer whose content is not needed any more
 * @throws ASSERTION for a key group outside of the range
 */
export function writeBlock(
  keyGroups: Int32Array,
  { first, last }: KeyGroupRange,
  write: (entry: number, output: ByteWriter) => void,
  scratch: ByteWriter,
): BlockBytes {
  const groups = last - first + 1
  const counts = new Int32Array(groups)
  for (const keyGroup of keyGroups) {
    if (keyGroup < first || keyGroup > last) throw foreignKeyGroup(keyGroup)
    counts[keyGroup - first]!++
  }
  const ends = new Int32Array(groups)
  scratch.reset()
  const order = orderBy(keyGroups, first, counts)
  let next = 0
  for (let group = 0; group < groups; group++) {
    const end = next + (counts[group] as number)
    for (; next < end; next++) write(order[next] as number, scratch)
    ends[group] = scratch.length
  }
  const bytes = scratch.toBytes()
  const pieces = Array.from(ends, (end, group) =>
    counts[group] === 0 ? undefined : bytes.subarray(group === 0 ? 0 : ends[group - 1], end),
  )
  return new BlockBytes(first, counts, pieces)
}

/** The numbers of the entries, sorted by key group. */
function orderBy(keyGroups: Int32Array, first: number, counts: Int32Array): Int32Array {
  const next = new Int32Array(counts.length)
  for (let group = 1; group < counts.length; group++) {
    next[group] = (next[group - 1] as number) + (counts[group - 1] as number)
  }
  const order = new Int32Array(keyGroups.length)
  for (const [entry, keyGroup] of keyGroups.entries()) order[next[keyGroup - first]!++] = entry
  return order
}
