import { mixSigned as mix } from '../../digest/mix.ts'

/** The golden ratio in 32 bits: keeps the words that are mixed far apart. */
const GOLDEN = 0x9e3779b9 | 0

/** How many draws an event has at most. */
const DRAWS_MAX = 21

/** Draw 20 of an id is a letter of {@link LetterPool}; 16 to 19 make the URL of a channel. */
export const LETTER_DRAW = 20

/**
 * The random words of an event, as signed 32-bit numbers: draw `k` of event id `e` is a function of
 * seed, `e` and `k`. So draws can be made in any order, and those that nobody reads need not be
 * made at all.
 */
export class Draws {
  readonly #low: number
  readonly #high: number
  readonly #ofDraw: Int32Array = new Int32Array(DRAWS_MAX)
  readonly #words: Int32Array = new Int32Array(DRAWS_MAX)

  constructor(seed: number) {
    this.#low = mix(seed + GOLDEN)
    this.#high = mix(seed + 2 * GOLDEN)
    for (let draw = 0; draw < DRAWS_MAX; draw++) {
      this.#ofDraw[draw] = mix(seed + (3 + draw) * GOLDEN)
    }
  }

  /** The state of an id, from which {@link Draws.word} makes its words. */
  stateOf(id: number): number {
    const high = (id / 2 ** 32) | 0
    return mix(mix((id | 0) ^ this.#low) ^ (this.#high + high))
  }

  /** The first `count` draws of an id. They are valid until the next call. */
  wordsOf(id: number, count: number): Int32Array {
    const state = this.stateOf(id)
    const words = this.#words
    const ofDraw = this.#ofDraw
    for (let draw = 0; draw < count; draw++) words[draw] = mix(state ^ (ofDraw[draw] as number))
    return words
  }

  /** Draw `draw` of the id with that state. */
  word(state: number, draw: number): number {
    return mix(state ^ (this.#ofDraw[draw] as number))
  }
}

/** Element `index` of the stream of random words that begins with `word`. */
export function wordOfStream(word: number, index: number): number {
  return mix(word + Math.imul(index + 1, GOLDEN))
}

/**
 * What is mixed for the element of a stream that follows the one for which `seed` was mixed; the
 * word with which the stream begins comes before the first.
 */
export function nextSeed(seed: number): number {
  return (seed + GOLDEN) | 0
}

/** A whole number from 0 to below `count`, of all 32 bits of a word; `count` is below 2^31. */
export function below(word: number, count: number): number {
  return ((word >>> 0) * (count / 2 ** 32)) | 0
}

/** A whole number from 0 to below `count`, of the high half of a word. */
export function belowByHigh(word: number, count: number): number {
  return Math.imul(word >>> 16, count) >>> 16
}

/** A whole number from 0 to below `count`, of the low half of a word. */
export function belowByLow(word: number, count: number): number {
  return Math.imul(word & 0xffff, count) >>> 16
}
