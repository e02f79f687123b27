import { Channels } from './channels.ts'
import { below, belowByHigh, belowByLow, Draws, wordOfStream } from './draws.ts'
import { EventOrder } from './event-order.ts'
import { FIRST_ID, hotOf, Identifiers } from './identifiers.ts'
import type { Auction, Bid, NexmarkEvent, Person } from './nexmark-event.ts'
import { type NexmarkOptions, resolveNexmarkOptions } from './nexmark-options.ts'
import { priceOf } from './price.ts'
import { LetterPool, textOf } from './texts.ts'

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
const BID_FIXED_BYTES = 32

/** Makes the event of any number, without those before it. */
export class NexmarkGenerator {
  readonly #options: Required<NexmarkOptions>
  readonly #order: EventOrder
  readonly #identifiers: Identifiers
  readonly #draws: Draws
  readonly #letters: LetterPool
  readonly #channels: Channels
  /** Over how many events half of the auctions in flight come. */
  readonly #eventsInFlight: number

  constructor(options: NexmarkOptions = {}) {
    this.#options = resolveNexmarkOptions(options)
    const { seed, inFlightAuctions, auctions } = this.#options
    this.#order = new EventOrder(this.#options)
    this.#identifiers = new Identifiers(this.#options)
    this.#draws = new Draws(seed)
    this.#letters = new LetterPool(this.#draws)
    this.#channels = new Channels(this.#draws)
    this.#eventsInFlight = Math.floor((inFlightAuctions * this.#order.roundSize) / auctions)
  }

  /** The event of a number; the first is 1. */
  event(n: number): NexmarkEvent {
    const order = this.#order
    const identity = order.identityOf(n)
    const id = identity + 1
    const round = Math.floor(id / order.roundSize)
    const place = id - round * order.roundSize
    const kind = order.kindAt(place)
    if (kind === 2) return this.#bid(identity, round, place)
    return kind === 1 ? this.#auction(identity, round, place) : this.#person(identity, round, place)
  }

  #bid(identity: number, round: number, place: number): Bid {
    const draws = this.#draws
    const identifiers = this.#identifiers
    const { hotAuctionRatio, hotBidderRatio, bidBytes, bidderIdQuirk } = this.#options
    const state = draws.stateOf(identity + 1)
    const hot = draws.word(state, 0)
    const lastAuction = identifiers.lastAuction(round, place)
    const auction =
      belowByHigh(hot, hotAuctionRatio) > 0
        ? hotOf(lastAuction)
        : identifiers.randomAuction(lastAuction, draws.word(state, 1))
    const lastPerson = identifiers.lastPerson(round, place)
    const bidder =
      belowByLow(hot, hotBidderRatio) > 0
        ? hotOf(lastPerson) + 1
        : identifiers.randomPerson(lastPerson, draws.word(state, 2))
    const channel = this.#channels.numberOf(draws.word(state, 4))
    return {
      kind: 'bid',
      auction: FIRST_ID + auction,
      bidder: FIRST_ID + bidder + (bidderIdQuirk ? FIRST_ID : 0),
      price: priceOf(draws.word(state, 3)),
      channel: this.#channels.nameOf(channel),
      url: this.#channels.urlOf(channel),
      dateTime: this.#order.timeOf(identity),
      extra: this.#letters.take(draws.word(state, 5), bidBytes - BID_FIXED_BYTES),
    }
  }

  #auction(identity: number, round: number, place: number): Auction {
    const draws = this.#draws
    const identifiers = this.#identifiers
    const { hotSellerRatio, auctionBytes } = this.#options
    const state = draws.stateOf(identity + 1)
    const hot = draws.word(state, 0)
    const lastPerson = identifiers.lastPerson(round, place)
    const seller =
      belowByHigh(hot, hotSellerRatio) > 0
        ? hotOf(lastPerson)
        : identifiers.randomPerson(lastPerson, draws.word(state, 1))
    const itemName = textOf(draws.word(state, 6), 20)
    const description = textOf(draws.word(state, 7), 100)
    const initialBid = priceOf(draws.word(state, 2))
    const dateTime = this.#order.timeOf(identity)
    const horizonMs = this.#order.timeOf(identity + this.#eventsInFlight) - dateTime
    const bytes = AUCTION_FIXED_BYTES + itemName.length + description.length
    return {
      kind: 'auction',
      id: FIRST_ID + identifiers.lastAuction(round, place),
      itemName,
      description,
      initialBid,
      reserve: initialBid + priceOf(draws.word(state, 3)),
      dateTime,
      expires: dateTime + 1 + below(draws.word(state, 4), Math.max(2 * horizonMs, 1)),
      seller: FIRST_ID + seller,
      category: FIRST_CATEGORY + belowByLow(hot, CATEGORIES),
      extra: this.#letters.take(draws.word(state, 5), auctionBytes - bytes),
    }
  }

  #person(identity: number, round: number, place: number): Person {
    const draws = this.#draws
    const state = draws.stateOf(identity + 1)
    const names = draws.word(state, 0)
    const home = draws.word(state, 1)
    const first = FIRST_NAMES[belowByHigh(names, FIRST_NAMES.length)]
    const name = `${first} ${LAST_NAMES[belowByLow(names, LAST_NAMES.length)]}`
    const user = textOf(draws.word(state, 3), 7)
    const emailAddress = `${user}@${textOf(draws.word(state, 4), 5)}.com`
    const creditCard = cardOf(draws.word(state, 2))
    const city = CITIES[belowByHigh(home, CITIES.length)] as string
    const homeState = STATES[belowByLow(home, STATES.length)] as string
    const texts = name.length + emailAddress.length + creditCard.length + city.length
    const bytes = PERSON_FIXED_BYTES + texts + homeState.length
    return {
      kind: 'person',
      id: FIRST_ID + this.#identifiers.lastPerson(round, place),
      name,
      emailAddress,
      creditCard,
      city,
      state: homeState,
      dateTime: this.#order.timeOf(identity),
      extra: this.#letters.take(draws.word(state, 5), this.#options.personBytes - bytes),
    }
  }
}

/** Four groups of four digits. */
function cardOf(word: number): string {
  const group = (index: number): string =>
    String(below(wordOfStream(word, index), 10_000)).padStart(4, '0')
  return `${group(0)} ${group(1)} ${group(2)} ${group(3)}`
}
