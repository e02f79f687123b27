import { mix } from '../digest/mix.ts'

/** One result of the job: how many readings a sensor had in a window. */
export interface WindowCount {
  readonly sensor: number
  readonly windowStartMs: number
  readonly count: number
}

/**
 * A digest of window counts that does not depend on their order, so that two programs can be
 * compared without keeping or sorting what they emit. A result that is missing, extra, repeated or
 * different changes it.
 */
export class CountDigest {
  #results = 0
  #records = 0
  #low = 0
  #high = 0

  add(sensor: number, windowStartMs: number, count: number): void {
    this.#results++
    this.#records += count
    const word = mix(mix(mix(sensor) ^ (windowStartMs / 1000)) ^ count)
    this.#low = (this.#low + word) >>> 0
    this.#high = (this.#high + mix(word ^ 0x9e3779b9)) >>> 0
  }

  /** How many results were added. */
  get results(): number {
    return this.#results
  }

  /** The digest as text: results, records counted by them, and two sums of their hashes. */
  get text(): string {
    return `${this.#results}-${this.#records}-${hex(this.#high)}${hex(this.#low)}`
  }
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0')
}
