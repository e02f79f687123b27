import type { RowHash } from '../../digest/row-hash.ts'
import type { Auction, Bid } from '../generator/nexmark-event.ts'

/** Adds all fields of a bid to a hash. */
export function hashBid(bid: Bid, hash: RowHash): RowHash {
  return hash
    .number(bid.auction)
    .number(bid.bidder)
    .number(bid.price)
    .text(bid.channel)
    .text(bid.url)
    .number(bid.dateTime)
    .text(bid.extra)
}

/** Adds all fields of an auction but its id to a hash. */
export function hashAuction(auction: Auction, hash: RowHash): RowHash {
  return hash
    .text(auction.itemName)
    .text(auction.description)
    .number(auction.initialBid)
    .number(auction.reserve)
    .number(auction.dateTime)
    .number(auction.expires)
    .number(auction.seller)
    .number(auction.category)
    .text(auction.extra)
}
