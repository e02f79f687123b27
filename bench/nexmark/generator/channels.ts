import { below, type Draws } from './draws.ts'
import { alphabetWith, TextScratch } from './texts.ts'

/** Channels with a number in their name; half of the bids come by one of them. */
const NUMBERED = 10_000
const HOT = ['Google', 'Facebook', 'Baidu', 'Apple'] as const

/** Draws that make the URL of a channel. */
const DIRECTORY_DRAWS = [16, 17, 18] as const
const CHANNEL_ID_DRAW = 19

const LETTERS_AND_UNDERSCORES = alphabetWith('_')

/** A way by which bids come. */
export interface Channel {
  readonly name: string
  readonly url: string
}

/** All channels. */
export class Channels {
  readonly #channels: readonly Channel[]

  constructor(draws: Draws) {
    const channels: Channel[] = []
    const url = new TextScratch()
    for (let number = 0; number < NUMBERED; number++) {
      const hasId = below(draws.word(draws.stateOf(number), CHANNEL_ID_DRAW), 10) > 0
      const id = hasId ? `&channel_id=${Math.abs(reversed(number))}` : ''
      channels.push({ name: `channel-${number}`, url: urlOf(number, id, draws, url) })
    }
    for (const name of HOT) {
      channels.push({ name, url: urlOf(channels.length, '', draws, url) })
    }
    this.#channels = channels
  }

  /** The channel that a word of the draws means. */
  channelOf(word: number): Channel {
    const choice = below(word, 2 * NUMBERED)
    const number = choice < NUMBERED ? choice : NUMBERED + (choice % HOT.length)
    return this.#channels[number] as Channel
  }
}

function urlOf(channel: number, id: string, draws: Draws, url: TextScratch): string {
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
