/**
 * `nexmark/generator` makes the stream of the Nexmark benchmark: an auction house with persons,
 * auctions and bids. Every event is a pure function of options, seed and event number, so that the
 * stream is the same at any parallelism, and a source resumes by a number alone.
 *
 * Written from the description of nexmark/nexmark (commit 6b3646c) and of Apache Beam's generator.
 */

/** What the stream of events looks like. */
export interface NexmarkOptions {
  /** Everything random follows from it. Default 1. */
  readonly seed?: number
  /** Events per second of event time. Default 10,000. */
  readonly rate?: number
  /** How many of each `persons + auctions + bids` events are persons. Default 1. */
  readonly persons?: number
  /** Default 3. */
  readonly auctions?: number
  /** Default 46. */
  readonly bids?: number
  /** Average size of an event in bytes, which the field `extra` fills up. Default 200. */
  readonly personBytes?: number
  /** Default 500. */
  readonly auctionBytes?: number
  /** Default 100. */
  readonly bidBytes?: number
  /** One in so many bids is not for a hot auction. Default 2. */
  readonly hotAuctionRatio?: number
  /** One in so many bids is not by a hot bidder. Default 4. */
  readonly hotBidderRatio?: number
  /** One in so many auctions is not by a hot seller. Default 4. */
  readonly hotSellerRatio?: number
  /** How many of the last auctions get bids. Default 100. */
  readonly inFlightAuctions?: number
  /** How many of the last persons bid and sell. Default 1,000. */
  readonly activePersons?: number
  /** Events are out of order within groups of so many. Default 1: they are in order. */
  readonly outOfOrderGroup?: number
  /** Event time of event number 0, in milliseconds since 1970. Default 2015-07-15T00:00:00Z. */
  readonly baseTimeMs?: number
  /**
   * Adds the first person id to a bidder twice, as the original does, so that joins on the bidder
   * match nothing until about event 50,000. Only for comparison with published set-ups.
   */
  readonly bidderIdQuirk?: boolean
}

const DEFAULTS: Required<NexmarkOptions> = {
  seed: 1,
  rate: 10_000,
  persons: 1,
  auctions: 3,
  bids: 46,
  personBytes: 200,
  auctionBytes: 500,
  bidBytes: 100,
  hotAuctionRatio: 2,
  hotBidderRatio: 4,
  hotSellerRatio: 4,
  inFlightAuctions: 100,
  activePersons: 1_000,
  outOfOrderGroup: 1,
  baseTimeMs: Date.UTC(2015, 6, 15),
  bidderIdQuirk: false,
}

/** Fills in what was left out. @throws RangeError if a number cannot be meant */
export function resolveNexmarkOptions(options: NexmarkOptions): Required<NexmarkOptions> {
  const resolved = { ...DEFAULTS, ...options }
  const { seed, baseTimeMs, bidderIdQuirk: _, ...counts } = resolved
  for (const [name, value] of Object.entries({ ...counts })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`${name} must be a whole number of 1 or more, but is ${value}`)
    }
  }
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(baseTimeMs)) {
    throw new RangeError(`seed and baseTimeMs must be whole numbers: ${seed}, ${baseTimeMs}`)
  }
  return resolved
}
