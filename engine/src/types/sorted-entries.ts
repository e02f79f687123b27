import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import { compareBytes } from './compare-bytes.ts'

/**
 * Sorts the last entries of `output` by their bytes, in place, so that maps and sets of equal
 * content have equal bytes whatever their order of insertion.
 * @param starts where each entry starts; the last ends where the output does.
 */
export function sortEntries(output: ByteWriter, starts: readonly number[]): void {
  const first = starts[0]
  if (first === undefined || starts.length === 1) return
  const all = output.view()
  const entries: Uint8Array[] = []
  let sorted = true
  for (let i = 0; i < starts.length; i++) {
    entries.push(all.subarray(starts[i]!, starts[i + 1] ?? all.length))
    if (i > 0 && compareBytes(entries[i - 1]!, entries[i]!) > 0) sorted = false
  }
  if (sorted) return
  const copies = entries.map((entry) => entry.slice()).sort(compareBytes)
  output.truncate(first)
  for (const copy of copies) output.bytes(copy)
}

/** Checks while entries are read that they stand in the order of {@link sortEntries}. */
export class EntryOrderCheck {
  readonly #input: ByteReader
  #previousStart: number
  #start: number

  /** Make it where the first entry starts. */
  constructor(input: ByteReader) {
    this.#input = input
    this.#start = input.position
    this.#previousStart = input.position
  }

  /**
   * Call it behind each entry.
   * @throws CORRUPT_DATA if the entry sorts before the one it follows.
   */
  next(): void {
    const previous = this.#input.past(this.#previousStart, this.#start)
    const entry = this.#input.past(this.#start, this.#input.position)
    if (compareBytes(previous, entry) > 0) throw this.#input.corrupt('an entry out of order')
    this.#previousStart = this.#start
    this.#start = this.#input.position
  }
}
