import { mixSigned } from './mix.ts'

/** Tells a field from none, so that a row of zeros or empty texts has its length in its hash. */
const STEP = 0x9e3779b9

/** How many characters of a text are looked at beside its length. */
const TEXT_SAMPLES = 4

/**
 * Hashes the fields of a row, one after another, to 32 bits. Cheap on purpose, for it runs for
 * every result of a measured job: of a text it takes the length and a few characters. Programs in
 * other languages that are compared compute the same.
 */
export class RowHash {
  #word = 0

  /** Begins the next row. */
  begin(): this {
    this.#word = 0
    return this
  }

  /** Adds a whole number. */
  number(value: number): this {
    const high = Math.floor(value / 2 ** 32) | 0
    this.#word = mixSigned(mixSigned((this.#word + STEP) ^ (value | 0)) + high)
    return this
  }

  text(value: string): this {
    const { length } = value
    let word = (this.#word + STEP) ^ length
    for (let sample = 0; sample < TEXT_SAMPLES && sample < length; sample++) {
      const at = Math.floor((sample * (length - 1)) / (TEXT_SAMPLES - 1))
      word = Math.imul(word, 31) + value.charCodeAt(at)
    }
    this.#word = mixSigned(word)
    return this
  }

  /** The hash of the row so far. */
  get word(): number {
    return this.#word
  }
}
