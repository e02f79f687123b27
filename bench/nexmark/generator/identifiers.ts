import { below } from './draws.ts'
import type { NexmarkOptions } from './nexmark-options.ts'

/** The first id of persons and of auctions. */
export const FIRST_ID = 1_000

/** One in so many persons and auctions is hot. */
const HOT_EVERY = 100

/** How many ids that nobody has yet may be drawn. */
const IDS_AHEAD = 10

/** Gives ids to persons and auctions and draws those of sellers, bidders and auctions. */
export class Identifiers {
  readonly #persons: number
  readonly #auctions: number
  readonly #activePersons: number
  readonly #inFlightAuctions: number

  constructor(options: Required<NexmarkOptions>) {
    this.#persons = options.persons
    this.#auctions = options.auctions
    this.#activePersons = options.activePersons
    this.#inFlightAuctions = options.inFlightAuctions
  }

  /** Index of the last person so far, at a place of a round. */
  lastPerson(round: number, place: number): number {
    return round * this.#persons + Math.min(place, this.#persons - 1)
  }

  /** Index of the last auction so far, at a place of a round. */
  lastAuction(round: number, place: number): number {
    const auctions = this.#auctions
    if (place < this.#persons) return round * auctions - 1
    return round * auctions + Math.min(place - this.#persons, auctions - 1)
  }

  /** One of the active persons, or one of a few that are still to come. */
  randomPerson(lastPerson: number, word: number): number {
    const count = lastPerson + 1
    const active = Math.min(count, this.#activePersons)
    return count - active + below(word, active + IDS_AHEAD)
  }

  /** One of the auctions in flight, or one of a few that are still to come. */
  randomAuction(lastAuction: number, word: number): number {
    const first = Math.max(lastAuction - this.#inFlightAuctions, 0)
    return first + below(word, lastAuction + IDS_AHEAD - first + 1)
  }
}

/** The hot one among the last hundred. */
export function hotOf(last: number): number {
  return Math.floor(last / HOT_EVERY) * HOT_EVERY
}
