import { types } from '@millrace/engine'
import { type Auction, auctionType, type Bid, bidType } from '../generator/nexmark-event.ts'
import { hashAuction } from './hash-event.ts'
import type { ChangingQuery } from './nexmark-query.ts'
import { auctionsOf, bidsOf } from './views.ts'
import { type WinningBid, WinningBids } from './winning-bids.ts'

/** Winning bids: each auction with its highest bid. */
export const q9: ChangingQuery<WinningBid<Auction, Bid>> = {
  name: 'q9',
  about: 'winning bids',
  kind: 'changing',
  results: (events) =>
    auctionsOf(events)
      .keyBy(({ id }) => id, types.int)
      .connect(bidsOf(events).keyBy(({ auction }) => auction, types.int))
      .process(new WinningBids<Auction, Bid>({ auction: auctionType, bid: bidType })),
  hash: ({ auction, bid }, hash) =>
    hashAuction(auction, hash.number(auction.id))
      .number(bid.auction)
      .number(bid.bidder)
      .number(bid.price)
      .number(bid.dateTime)
      .text(bid.extra),
}
