import type { NexmarkOptions } from './nexmark-options.ts'

/** Numbers events: which kind the event of a number is, and when it happens. */
export class EventOrder {
  readonly #persons: number
  readonly #personsAndAuctions: number
  readonly #group: number
  readonly #baseTimeMs: number
  readonly #delayUs: number
  /** Events of a round, in which each kind has its share. */
  readonly roundSize: number

  constructor(options: Required<NexmarkOptions>) {
    this.#persons = options.persons
    this.#personsAndAuctions = options.persons + options.auctions
    this.roundSize = this.#personsAndAuctions + options.bids
    this.#group = options.outOfOrderGroup
    this.#baseTimeMs = options.baseTimeMs
    this.#delayUs = 1e6 / options.rate
  }

  /** The number that says what an event is; differs from `n` if events are out of order. */
  identityOf(n: number): number {
    const group = this.#group
    if (group === 1) return n
    return Math.floor(n / group) * group + ((n * 953) % group)
  }

  /** 0 for a person, 1 for an auction, 2 for a bid, by the place of an event in its round. */
  kindAt(place: number): 0 | 1 | 2 {
    if (place < this.#persons) return 0
    return place < this.#personsAndAuctions ? 1 : 2
  }

  /** Event time in milliseconds since 1970 of the event with this identity. */
  timeOf(identity: number): number {
    return this.#baseTimeMs + Math.floor(Math.floor(identity * this.#delayUs) / 1_000)
  }
}
