import { mixSigned } from './mix.ts'

/** What a {@link MultisetDigest} comes to: how many rows, and two sums of their hashes. */
export interface DigestSums {
  readonly rows: number
  readonly low: number
  readonly high: number
}

/**
 * A digest of rows, given by their hashes, that does not depend on their order, so that two
 * programs can be compared without keeping or sorting what they emit. A row that is missing, extra,
 * repeated or different changes it. Rows can be taken back: the digest of all changes of a table is
 * that of the table.
 */
export class MultisetDigest {
  #rows = 0
  // Signed, so that V8 never has to box them.
  #low = 0
  #high = 0

  /** @param word the hash of a row */
  add(word: number): void {
    this.#rows++
    this.#low = (this.#low + word) | 0
    this.#high = (this.#high + mixSigned(word ^ 0x9e3779b9)) | 0
  }

  /** Takes back a row that was added. */
  remove(word: number): void {
    this.#rows--
    this.#low = (this.#low - word) | 0
    this.#high = (this.#high - mixSigned(word ^ 0x9e3779b9)) | 0
  }

  /** Adds all rows of another digest, by its sums. */
  addAll({ rows, low, high }: DigestSums): void {
    this.#rows += rows
    this.#low = (this.#low + low) | 0
    this.#high = (this.#high + high) | 0
  }

  /** What there is to know of it, so that it can be added to another one. */
  get sums(): DigestSums {
    return { rows: this.#rows, low: this.#low, high: this.#high }
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
  return (word >>> 0).toString(16).padStart(8, '0')
}
