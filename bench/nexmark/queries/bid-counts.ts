import {
  type MapState,
  mapState,
  type RuntimeContext,
  type TypeInformation,
  types,
} from '@millrace/engine'
import type { RowHash } from '../../digest/row-hash.ts'
import type { Offer } from './offers.ts'

/** Of some bids: how many, of how many bidders and auctions; by price in three ranks. */
export interface BidCounts {
  readonly totalBids: number
  readonly rank1Bids: number
  readonly rank2Bids: number
  readonly rank3Bids: number
  readonly totalBidders: number
  readonly rank1Bidders: number
  readonly rank2Bidders: number
  readonly rank3Bidders: number
  readonly totalAuctions: number
  readonly rank1Auctions: number
  readonly rank2Auctions: number
  readonly rank3Auctions: number
}

export const bidCountsType: TypeInformation<BidCounts> = types.row({
  totalBids: types.int,
  rank1Bids: types.int,
  rank2Bids: types.int,
  rank3Bids: types.int,
  totalBidders: types.int,
  rank1Bidders: types.int,
  rank2Bidders: types.int,
  rank3Bidders: types.int,
  totalAuctions: types.int,
  rank1Auctions: types.int,
  rank2Auctions: types.int,
  rank3Auctions: types.int,
})

const NO_BIDS: BidCounts = {
  totalBids: 0,
  rank1Bids: 0,
  rank2Bids: 0,
  rank3Bids: 0,
  totalBidders: 0,
  rank1Bidders: 0,
  rank2Bidders: 0,
  rank3Bidders: 0,
  totalAuctions: 0,
  rank1Auctions: 0,
  rank2Auctions: 0,
  rank3Auctions: 0,
}

/** The rank of a price: 0, 1 or 2. */
export function rankOf(price: number): number {
  if (price < 10_000) return 0
  return price < 1_000_000 ? 1 : 2
}

/**
 * Counts the bids of a key. For each bidder and each auction it remembers, as bits, in which ranks
 * it was seen.
 */
export class BidCounting {
  readonly #bidders: MapState<number, number>
  readonly #auctions: MapState<number, number>

  constructor(context: RuntimeContext) {
    const ranks = { keyType: types.int, type: types.int }
    this.#bidders = context.getMapState(mapState<number, number>('bidders', ranks))
    this.#auctions = context.getMapState(mapState<number, number>('auctions', ranks))
  }

  /** The counts with one more bid of the current key. */
  add({ bidder, auction, price }: Offer, counts: BidCounts = NO_BIDS): BidCounts {
    const rank = rankOf(price)
    const ofBidder = see(this.#bidders, bidder, rank)
    const ofAuction = see(this.#auctions, auction, rank)
    return {
      totalBids: counts.totalBids + 1,
      rank1Bids: counts.rank1Bids + one(rank === 0),
      rank2Bids: counts.rank2Bids + one(rank === 1),
      rank3Bids: counts.rank3Bids + one(rank === 2),
      totalBidders: counts.totalBidders + one(ofBidder.isNew),
      rank1Bidders: counts.rank1Bidders + one(ofBidder.isNewInRank && rank === 0),
      rank2Bidders: counts.rank2Bidders + one(ofBidder.isNewInRank && rank === 1),
      rank3Bidders: counts.rank3Bidders + one(ofBidder.isNewInRank && rank === 2),
      totalAuctions: counts.totalAuctions + one(ofAuction.isNew),
      rank1Auctions: counts.rank1Auctions + one(ofAuction.isNewInRank && rank === 0),
      rank2Auctions: counts.rank2Auctions + one(ofAuction.isNewInRank && rank === 1),
      rank3Auctions: counts.rank3Auctions + one(ofAuction.isNewInRank && rank === 2),
    }
  }
}

/** Adds all counts to a hash. */
export function hashCounts(counts: BidCounts, hash: RowHash): RowHash {
  return hash
    .number(counts.totalBids)
    .number(counts.rank1Bids)
    .number(counts.rank2Bids)
    .number(counts.rank3Bids)
    .number(counts.totalBidders)
    .number(counts.rank1Bidders)
    .number(counts.rank2Bidders)
    .number(counts.rank3Bidders)
    .number(counts.totalAuctions)
    .number(counts.rank1Auctions)
    .number(counts.rank2Auctions)
    .number(counts.rank3Auctions)
}

/** Remembers that somebody or something was seen in a rank. */
function see(
  seen: MapState<number, number>,
  id: number,
  rank: number,
): { isNew: boolean; isNewInRank: boolean } {
  const ranks = seen.get(id) ?? 0
  const isNewInRank = (ranks & (1 << rank)) === 0
  if (isNewInRank) seen.put(id, ranks | (1 << rank))
  return { isNew: ranks === 0, isNewInRank }
}

function one(condition: boolean): number {
  return condition ? 1 : 0
}
