import { below, belowByHigh, type Draws, LETTER_DRAW, wordOfStream } from './draws.ts'

const LETTER_A = 'a'.charCodeAt(0)

/** One character in 13 is special. */
const SPECIAL_RANGE = 26
const CHARACTER_RANGE = 13 * SPECIAL_RANGE

const BLANK = ' '.charCodeAt(0)

/** Texts are put together here. */
const scratch = Buffer.alloc(128)

/**
 * A text of 3 to below `lengthMax` characters: letters, and now and then the special character.
 * Blanks at either end are cut off.
 */
export function textOf(word: number, lengthMax: number, special: number = BLANK): string {
  const length = 3 + below(wordOfStream(word, 0), lengthMax - 3)
  let start = 0
  let end = 0
  for (let index = 0; index < length; index++) {
    const value = below(wordOfStream(word, index + 1), CHARACTER_RANGE)
    const character = value < SPECIAL_RANGE ? special : LETTER_A + (value % 26)
    scratch[index] = character
    if (character !== BLANK) end = index + 1
    else if (start === index) start++
  }
  return start < end ? scratch.toString('latin1', start, end) : ''
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
    if (bytesOnAverage <= 0) return ''
    const spread = Math.round(0.2 * bytesOnAverage)
    const length = bytesOnAverage - spread + belowByHigh(word, 2 * spread)
    const range = POOL_SIZE - bytesOnAverage - spread
    const start = Math.floor(((word & 0xffff) * range) / 2 ** 16)
    return this.#letters.substring(start, start + length)
  }
}
