import { mixSigned as mix } from '../../digest/mix.ts'
import { below, belowByHigh, type Draws, LETTER_DRAW, nextSeed, wordOfStream } from './draws.ts'

const LETTER_A = 'a'.charCodeAt(0)
const BLANK = ' '.charCodeAt(0)
const ZERO = '0'.charCodeAt(0)

/** One character in 13 is special. */
const SPECIAL_RANGE = 26
const CHARACTER_RANGE = 13 * SPECIAL_RANGE

/** What a text is made of: the code of the character that each drawn number stands for. */
export type Alphabet = Uint8Array

/** Letters, and now and then the special character. */
export function alphabetWith(special: string): Alphabet {
  return Uint8Array.from({ length: CHARACTER_RANGE }, (_, value) =>
    value < SPECIAL_RANGE ? special.charCodeAt(0) : LETTER_A + (value % 26),
  )
}

const LETTERS_AND_BLANKS = alphabetWith(' ')

/** More than all texts of an event have characters, without `extra`. */
const TEXTS_MAX = 256

/**
 * Where the texts of an event are put together, one behind the other. To make a string is dear,
 * however short it is: they are made into one, of which each text is a part.
 */
export class TextScratch {
  readonly #bytes = Buffer.alloc(TEXTS_MAX)
  #length = 0

  /** Forgets the texts of the event before. */
  clear(): void {
    this.#length = 0
  }

  /**
   * Adds a text of 3 to below `lengthMax` characters. Blanks at either end are cut off.
   *
   * @returns where it ends
   */
  addText(word: number, lengthMax: number, alphabet: Alphabet = LETTERS_AND_BLANKS): number {
    const bytes = this.#bytes
    const start = this.#length
    let end = start + 3 + below(wordOfStream(word, 0), lengthMax - 3)
    let seed = nextSeed(word)
    for (let at = start; at < end; at++) {
      seed = nextSeed(seed)
      bytes[at] = alphabet[((mix(seed) >>> 0) * (CHARACTER_RANGE / 2 ** 32)) | 0] as number
    }
    let first = start
    while (first < end && bytes[first] === BLANK) first++
    while (end > first && bytes[end - 1] === BLANK) end--
    if (first > start) bytes.copyWithin(start, first, end)
    this.#length = end - first + start
    return this.#length
  }

  /** Adds the last four digits of a number. @returns where they end */
  addDigits(value: number): number {
    const end = this.#length + 4
    let rest = value
    for (let at = end - 1; at >= this.#length; at--) {
      this.#bytes[at] = ZERO + (rest % 10)
      rest = (rest / 10) | 0
    }
    this.#length = end
    return end
  }

  /** Adds characters of one byte each. @returns where they end */
  add(characters: string): number {
    for (let index = 0; index < characters.length; index++) {
      this.#bytes[this.#length++] = characters.charCodeAt(index)
    }
    return this.#length
  }

  /** All texts, one behind the other. */
  toString(): string {
    return this.#bytes.toString('latin1', 0, this.#length)
  }
}

const POOL_SIZE = 2 ** 20

/** One long string of random letters, of which the field `extra` of an event is a part. */
export class LetterPool {
  readonly #letters: string

  constructor(draws: Draws) {
    const bytes = Buffer.allocUnsafe(POOL_SIZE)
    for (let place = 0; place < POOL_SIZE; place++) {
      bytes[place] = LETTER_A + below(draws.word(draws.stateOf(place), LETTER_DRAW), 26)
    }
    this.#letters = bytes.toString('latin1')
  }

  /** Letters that make up what an event lacks in size: on average so many, a fifth up or down. */
  take(word: number, bytesOnAverage: number): string {
    return this.cut(word, cutOf(Math.max(bytesOnAverage, 0)))
  }

  /** Letters of an average size that was worked out before. */
  cut(word: number, { shortest, lengths, starts }: Cut): string {
    const start = ((word & 0xffff) * (starts / 2 ** 16)) | 0
    return this.#letters.substring(start, start + shortest + belowByHigh(word, lengths))
  }
}

/** How long a text of letters is, and where it begins, by a word of the draws. */
export interface Cut {
  readonly shortest: number
  /** How many lengths there are. */
  readonly lengths: number
  /** How many places there are to begin at. */
  readonly starts: number
}

/** The cut for an average size: a fifth up or down. */
export function cutOf(bytesOnAverage: number): Cut {
  const spread = Math.round(0.2 * bytesOnAverage)
  return {
    shortest: bytesOnAverage - spread,
    lengths: 2 * spread,
    starts: POOL_SIZE - bytesOnAverage - spread,
  }
}
