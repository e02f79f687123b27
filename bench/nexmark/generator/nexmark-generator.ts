import { BidMaker } from './bid-maker.ts'
import { Channels } from './channels.ts'
import { below, belowByHigh, belowByLow, Draws, wordOfStream } from './draws.ts'
import { EventOrder } from './event-order.ts'
import { FIRST_ID, hotOf, Identifiers, type IdRange } from './identifiers.ts'
import type { Auction, NexmarkEvent, Person } from './nexmark-event.ts'
import { type NexmarkOptions, resolveNexmarkOptions } from './nexmark-options.ts'
import { priceOf } from './price.ts'
import { LetterPool, TextScratch } from './texts.ts'

const FIRST_NAMES = 'Peter Paul Luke John Saul Vicky Kate Julie Sarah Deiter Walter'.split(' ')
const LAST_NAMES = 'Shultz Abrams Spencer White Bartels Walton Smith Jones Noris'.split(' ')
const CITIES =
  'Phoenix,Los Angeles,San Francisco,Boise,Portland,Bend,Redmond,Seattle,Kent,Cheyenne'.split(',')
const STATES = 'AZ CA ID OR WA WY'.split(' ')

const FIRST_CATEGORY = 10
const CATEGORIES = 5

/** Bytes of the fields of fixed size. */
const PERSON_FIXED_BYTES = 8
const AUCTION_FIXED_BYTES = 48

/** How many words of the draws an event is made from. */
const PERSON_DRAWS = 6
const AUCTION_DRAWS = 8

/** Makes the event of any number, without those before it. */
export class NexmarkGenerator {
  readonly #options: Required<NexmarkOptions>
  readonly #order: EventOrder
  readonly #identifiers: Identifiers
  readonly #draws: Draws
  readonly #letters: LetterPool
  readonly #bids: BidMaker
  readonly #texts = new TextScratch()
  /** Over how many events half of the auctions in flight come. */
  readonly #eventsInFlight: number
  /** The round of the event that was made last, and the id with which it begins. */
  #round = 0
  #roundStart = 0

  constructor(options: NexmarkOptions = {}) {
    this.#options = resolveNexmarkOptions(options)
    const { seed, inFlightAuctions, auctions } = this.#options
    this.#order = new EventOrder(this.#options)
    this.#identifiers = new Identifiers(this.#options)
    this.#draws = new Draws(seed)
    this.#letters = new LetterPool(this.#draws)
    this.#bids = new BidMaker(this.#options, {
      draws: this.#draws,
      order: this.#order,
      identifiers: this.#identifiers,
      letters: this.#letters,
      channels: new Channels(this.#draws),
    })
    this.#eventsInFlight = Math.floor((inFlightAuctions * this.#order.roundSize) / auctions)
    this.#bids.enterRound(this.#round)
  }

  /** The event of a number; the first is 1. */
  event(n: number): NexmarkEvent {
    const order = this.#order
    const identity = order.identityOf(n)
    const id = identity + 1
    let place = id - this.#roundStart
    if (place < 0 || place >= order.roundSize) place = this.#enterRoundOf(id)
    const kind = order.kindAt(place)
    if (kind === 2) return this.#bids.bid(identity)
    const round = this.#round
    return kind === 1 ? this.#auction(identity, round, place) : this.#person(identity, round, place)
  }

  /** Neighbours are of one round, so that only now and then an id is divided. */
  #enterRoundOf(id: number): number {
    const { roundSize } = this.#order
    this.#round = Math.floor(id / roundSize)
    this.#roundStart = this.#round * roundSize
    this.#bids.enterRound(this.#round)
    return id - this.#roundStart
  }

  #auction(identity: number, round: number, place: number): Auction {
    const draws = this.#draws
    const identifiers = this.#identifiers
    const { hotSellerRatio, auctionBytes } = this.#options
    const words = draws.wordsOf(identity + 1, AUCTION_DRAWS)
    const hot = words[0] as number
    const lastPerson = identifiers.lastPerson(round, place)
    const seller =
      belowByHigh(hot, hotSellerRatio) > 0
        ? hotOf(lastPerson)
        : drawn(identifiers.personsAround(lastPerson), words[1] as number)
    const texts = this.#texts
    texts.clear()
    const itemEnd = texts.addText(words[6] as number, 20)
    const textsEnd = texts.addText(words[7] as number, 100)
    const both = texts.toString()
    const initialBid = priceOf(words[2] as number)
    const dateTime = this.#order.timeOf(identity)
    const horizonMs = this.#order.timeOf(identity + this.#eventsInFlight) - dateTime
    const bytes = AUCTION_FIXED_BYTES + textsEnd
    return {
      kind: 'auction',
      id: FIRST_ID + identifiers.lastAuction(round, place),
      itemName: both.substring(0, itemEnd),
      description: both.substring(itemEnd),
      initialBid,
      reserve: initialBid + priceOf(words[3] as number),
      dateTime,
      expires: dateTime + 1 + below(words[4] as number, Math.max(2 * horizonMs, 1)),
      seller: FIRST_ID + seller,
      category: FIRST_CATEGORY + belowByLow(hot, CATEGORIES),
      extra: this.#letters.take(words[5] as number, auctionBytes - bytes),
    }
  }

  #person(identity: number, round: number, place: number): Person {
    const draws = this.#draws
    const words = draws.wordsOf(identity + 1, PERSON_DRAWS)
    const names = words[0] as number
    const home = words[1] as number
    const first = FIRST_NAMES[belowByHigh(names, FIRST_NAMES.length)]
    const name = `${first} ${LAST_NAMES[belowByLow(names, LAST_NAMES.length)]}`
    const texts = this.#texts
    texts.clear()
    texts.addText(words[3] as number, 7)
    texts.add('@')
    texts.addText(words[4] as number, 5)
    const addressEnd = texts.add('.com')
    const textsEnd = addCard(texts, words[2] as number)
    const both = texts.toString()
    const city = CITIES[belowByHigh(home, CITIES.length)] as string
    const homeState = STATES[belowByLow(home, STATES.length)] as string
    const bytes = PERSON_FIXED_BYTES + name.length + textsEnd + city.length + homeState.length
    return {
      kind: 'person',
      id: FIRST_ID + this.#identifiers.lastPerson(round, place),
      name,
      emailAddress: both.substring(0, addressEnd),
      creditCard: both.substring(addressEnd),
      city,
      state: homeState,
      dateTime: this.#order.timeOf(identity),
      extra: this.#letters.take(words[5] as number, this.#options.personBytes - bytes),
    }
  }
}

/** Adds four groups of four digits. @returns where they end */
function addCard(texts: TextScratch, word: number): number {
  for (let group = 0; group < 3; group++) {
    texts.addDigits(below(wordOfStream(word, group), 10_000))
    texts.add(' ')
  }
  return texts.addDigits(below(wordOfStream(word, 3), 10_000))
}

/** The index of a range that a word means. */
function drawn({ first, count }: IdRange, word: number): number {
  return first + below(word, count)
}
