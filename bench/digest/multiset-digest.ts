import { mix } from './mix.ts'

/**
 * A digest of rows, given by their hashes, that does not depend on their order, so that two
 * programs can be compared without keeping or sorting what they emit. A row that is missing, extra,
 * repeated or different changes it. Rows can be taken back: the digest of all changes of a table is
 * that of the table.
 */
export class MultisetDigest {
  #rows = 0
  #low = 0
  #high = 0

  /** @param word the hash of a row */
  add(word: number): void {
    this.#rows++
    this.#low = (this.#low + word) >>> 0
    this.#high = (this.#high + mix(word ^ 0x9e3779b9)) >>> 0
  }

  /** Takes back a row that was added. */
  remove(word: number): void {
    this.#rows--
    this.#low = (this.#low - word) >>> 0
    this.#high = (this.#high - mix(word ^ 0x9e3779b9)) >>> 0
  }

  /** How many rows are left. */
  get rows(): number {
    return this.#rows
  }

  /** The digest as text: rows, and two sums of their hashes. */
  get text(): string {
    return `${this.#rows}-${hex(this.#high)}${hex(this.#low)}`
  }
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0')
}
