import { below, type Draws } from './draws.ts'
import { alphabetWith, TextScratch } from './texts.ts'

/** Channels with a number in their name; half of the bids come by one of them. */
const NUMBERED = 10_000
const HOT = ['Google', 'Facebook', 'Baidu', 'Apple'] as const

/** Draws that make the URL of a channel. */
const DIRECTORY_DRAWS = [16, 17, 18] as const
const CHANNEL_ID_DRAW = 19

const LETTERS_AND_UNDERSCORES = alphabetWith('_')

/** All channels. */
export class Channels {
  /** Name and URL of each channel in turn: together in memory, for many bids read them cold. */
  readonly #texts: readonly string[]

  constructor(draws: Draws) {
    const texts: string[] = []
    const url = new TextScratch()
    for (let number = 0; number < NUMBERED; number++) {
      const hasId = below(draws.word(draws.stateOf(number), CHANNEL_ID_DRAW), 10) > 0
      const id = hasId ? `&channel_id=${Math.abs(reversed(number))}` : ''
      texts.push(`channel-${number}`, composeUrl(number, id, draws, url))
    }
    for (const [index, name] of HOT.entries()) {
      texts.push(name, composeUrl(NUMBERED + index, '', draws, url))
    }
    this.#texts = texts
  }

  /** The number of the channel that a word of the draws means. */
  numberOf(word: number): number {
    const choice = below(word, 2 * NUMBERED)
    return choice < NUMBERED ? choice : NUMBERED + (choice % HOT.length)
  }

  /** The name of a channel. */
  nameOf(number: number): string {
    return this.#texts[2 * number] as string
  }

  /** The URL of a channel. */
  urlOf(number: number): string {
    return this.#texts[2 * number + 1] as string
  }
}

function composeUrl(channel: number, id: string, draws: Draws, url: TextScratch): string {
  const state = draws.stateOf(channel)
  url.clear()
  url.add('https://www.nexmark.com')
  for (const draw of DIRECTORY_DRAWS) {
    url.add('/')
    url.addText(draws.word(state, draw), 5, LETTERS_AND_UNDERSCORES)
  }
  url.add(`/item.htm?query=1${id}`)
  return url.toString()
}

/** The bits of a word in the opposite order, as a signed number. */
function reversed(word: number): number {
  let result = 0
  for (let bit = 0; bit < 32; bit++) result |= ((word >>> bit) & 1) << (31 - bit)
  return result
}
