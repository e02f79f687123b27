import { mix } from '../digest/mix.ts'
import { MultisetDigest } from '../digest/multiset-digest.ts'

/** One result of the job: how many readings a sensor had in a window. */
export interface WindowCount {
  readonly sensor: number
  readonly windowStartMs: number
  readonly count: number
}

/** A digest of window counts; see {@link MultisetDigest}. */
export class CountDigest {
  readonly #counts = new MultisetDigest()
  #records = 0

  add(sensor: number, windowStartMs: number, count: number): void {
    this.#records += count
    this.#counts.add(mix(mix(mix(sensor) ^ (windowStartMs / 1000)) ^ count))
  }

  /** How many results were added. */
  get results(): number {
    return this.#counts.rows
  }

  /** The digest as text: that of the results, and how many records they count. */
  get text(): string {
    return `${this.#counts.text}-${this.#records}`
  }
}
