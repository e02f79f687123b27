import type { NexmarkOptions } from './nexmark-options.ts'

/** The first id of persons and of auctions. */
export const FIRST_ID = 1_000

/** One in so many persons and auctions is hot. */
const HOT_EVERY = 100

/** How many ids that nobody has yet may be drawn. */
const IDS_AHEAD = 10

/** Indices from which one is drawn. */
export interface IdRange {
  readonly first: number
  readonly count: number
}

/** Gives ids to persons and auctions and says which ones are drawn. */
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

  /** The active persons, and a few that are still to come. */
  personsAround(lastPerson: number): IdRange {
    const active = Math.min(lastPerson + 1, this.#activePersons)
    return { first: lastPerson + 1 - active, count: active + IDS_AHEAD }
  }

  /** The auctions in flight, and a few that are still to come. */
  auctionsAround(lastAuction: number): IdRange {
    const first = Math.max(lastAuction - this.#inFlightAuctions, 0)
    return { first, count: lastAuction + IDS_AHEAD - first + 1 }
  }
}

/** The hot one among the last hundred. */
export function hotOf(last: number): number {
  return Math.floor(last / HOT_EVERY) * HOT_EVERY
}
