import { mixSigned } from './mix.ts'

/** Tells a field from none, so that a row of zeros or empty texts has its length in its hash. */
const STEP = 0x9e3779b9 | 0

/** Odd numbers that spread the bits of a field and of its high half. */
const SPREAD = 0x7feb352d
const SPREAD_HIGH = 0x846ca68b

/**
 * Hashes the fields of a row, one after another, to 32 bits. Cheap on purpose, for it runs for
 * every result of a measured job: a field costs one multiplication on the way from one to the next,
 * and of a text it takes the length and four characters. Programs in other languages that are
 * compared compute the same.
 */
export class RowHash {
  #word = 0

  /** Begins the next row. */
  begin(): this {
    this.#word = 0
    return this
  }

  /** Adds a whole number of up to 53 bits. */
  number(value: number): this {
    const low = value | 0
    const high = low === value ? low >> 31 : Math.floor(value / 2 ** 32) | 0
    this.#word = added(this.#word, low ^ Math.imul(high, SPREAD_HIGH))
    return this
  }

  text(value: string): this {
    const last = value.length - 1
    let word = added(this.#word, last)
    if (last >= 0) {
      const second = (last / 3) | 0
      const third = ((2 * last) / 3) | 0
      word = added(word, value.charCodeAt(0) | (value.charCodeAt(second) << 16))
      word = added(word, value.charCodeAt(third) | (value.charCodeAt(last) << 16))
    }
    this.#word = word
    return this
  }

  /** The hash of the row so far. */
  get word(): number {
    return mixSigned(this.#word)
  }
}

/** A hash with 32 bits more in it. */
function added(word: number, bits: number): number {
  const product = Math.imul((word + STEP) ^ bits, SPREAD)
  return product ^ (product >>> 15)
}
