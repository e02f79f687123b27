import type { Channels } from './channels.ts'
import { below, belowByHigh, belowByLow, type Draws } from './draws.ts'
import type { EventOrder } from './event-order.ts'
import { FIRST_ID, hotOf, type Identifiers } from './identifiers.ts'
import type { Bid } from './nexmark-event.ts'
import type { NexmarkOptions } from './nexmark-options.ts'
import { priceOf } from './price.ts'
import { type Cut, cutOf, type LetterPool } from './texts.ts'

/** Bytes of the fields of fixed size. */
const FIXED_BYTES = 32

/** What bids are made from. */
export interface BidParts {
  readonly draws: Draws
  readonly order: EventOrder
  readonly identifiers: Identifiers
  readonly letters: LetterPool
  readonly channels: Channels
}

/**
 * Makes bids, which nearly all events are. All bids of a round choose among the same auctions and
 * persons, so that is worked out when a round begins; what is left is small enough for V8 to make
 * one piece of code of it.
 */
export class BidMaker {
  readonly #draws: Draws
  readonly #order: EventOrder
  readonly #identifiers: Identifiers
  readonly #letters: LetterPool
  readonly #channels: Channels
  readonly #hotAuctionRatio: number
  readonly #hotBidderRatio: number
  readonly #extra: Cut
  readonly #firstBidderId: number
  #hotAuction = 0
  #firstAuction = 0
  #auctionCount = 0
  #hotBidder = 0
  #firstBidder = 0
  #bidderCount = 0

  constructor(options: Required<NexmarkOptions>, parts: BidParts) {
    this.#draws = parts.draws
    this.#order = parts.order
    this.#identifiers = parts.identifiers
    this.#letters = parts.letters
    this.#channels = parts.channels
    this.#hotAuctionRatio = options.hotAuctionRatio
    this.#hotBidderRatio = options.hotBidderRatio
    this.#extra = cutOf(Math.max(options.bidBytes - FIXED_BYTES, 0))
    this.#firstBidderId = FIRST_ID + (options.bidderIdQuirk ? FIRST_ID : 0)
  }

  /** Works out what the bids of a round choose from. Called ahead of them. */
  enterRound(round: number): void {
    const { roundSize } = this.#order
    const lastAuction = this.#identifiers.lastAuction(round, roundSize - 1)
    const lastPerson = this.#identifiers.lastPerson(round, roundSize - 1)
    const auctions = this.#identifiers.auctionsAround(lastAuction)
    const persons = this.#identifiers.personsAround(lastPerson)
    this.#hotAuction = FIRST_ID + hotOf(lastAuction)
    this.#firstAuction = FIRST_ID + auctions.first
    this.#auctionCount = auctions.count
    this.#hotBidder = this.#firstBidderId + hotOf(lastPerson) + 1
    this.#firstBidder = this.#firstBidderId + persons.first
    this.#bidderCount = persons.count
  }

  /** The bid of an identity that stands in the round. */
  bid(identity: number): Bid {
    const draws = this.#draws
    const state = draws.stateOf(identity + 1)
    const hot = draws.word(state, 0)
    const channels = this.#channels
    const channel = channels.numberOf(draws.word(state, 4))
    return {
      kind: 'bid',
      auction:
        belowByHigh(hot, this.#hotAuctionRatio) > 0
          ? this.#hotAuction
          : this.#firstAuction + below(draws.word(state, 1), this.#auctionCount),
      bidder:
        belowByLow(hot, this.#hotBidderRatio) > 0
          ? this.#hotBidder
          : this.#firstBidder + below(draws.word(state, 2), this.#bidderCount),
      price: priceOf(draws.word(state, 3)),
      channel: channels.nameOf(channel),
      url: channels.urlOf(channel),
      dateTime: this.#order.timeOf(identity),
      extra: this.#letters.cut(draws.word(state, 5), this.#extra),
    }
  }
}
