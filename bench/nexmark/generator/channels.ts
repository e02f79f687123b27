import { below, type Draws } from './draws.ts'
import { alphabetWith, TextScratch } from './texts.ts'

/** Channels with a number in their name; half of the bids come by one of them. */
const NUMBERED = 10_000
const HOT = ['Google', 'Facebook', 'Baidu', 'Apple'] as const

/** Draws that make the URL of a channel. */
const DIRECTORY_DRAWS = [16, 17, 18] as const
const CHANNEL_ID_DRAW = 19

const LETTERS_AND_UNDERSCORES = alphabetWith('_')

/** The channels by which bids come, each with one URL. Made when they are first needed. */
export class Channels {
  readonly #draws: Draws
  readonly #names: (string | undefined)[] = new Array(NUMBERED + HOT.length)
  readonly #urls: (string | undefined)[] = new Array(NUMBERED + HOT.length)

  constructor(draws: Draws) {
    this.#draws = draws
  }

  /** The number of the channel that a word of the draws means. */
  numberOf(word: number): number {
    const choice = below(word, 2 * NUMBERED)
    return choice < NUMBERED ? choice : NUMBERED + (choice % HOT.length)
  }

  nameOf(channel: number): string {
    return this.#names[channel] ?? this.#make(channel)
  }

  urlOf(channel: number): string {
    if (this.#urls[channel] === undefined) this.#make(channel)
    return this.#urls[channel] as string
  }

  #make(channel: number): string {
    const isHot = channel >= NUMBERED
    const name = isHot ? (HOT[channel - NUMBERED] as string) : `channel-${channel}`
    const state = this.#draws.stateOf(channel)
    const url = new TextScratch()
    url.add('https://www.nexmark.com')
    for (const draw of DIRECTORY_DRAWS) {
      url.add('/')
      url.addText(this.#draws.word(state, draw), 5, LETTERS_AND_UNDERSCORES)
    }
    const hasId = !isHot && below(this.#draws.word(state, CHANNEL_ID_DRAW), 10) > 0
    const id = hasId ? `&channel_id=${Math.abs(reversed(channel))}` : ''
    this.#names[channel] = name
    url.add(`/item.htm?query=1${id}`)
    this.#urls[channel] = url.toString()
    return name
  }
}

/** The bits of a word in the opposite order, as a signed number. */
function reversed(word: number): number {
  let result = 0
  for (let bit = 0; bit < 32; bit++) result |= ((word >>> bit) & 1) << (31 - bit)
  return result
}
