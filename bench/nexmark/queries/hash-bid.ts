import type { RowHash } from '../../digest/row-hash.ts'
import type { Bid } from '../generator/nexmark-event.ts'

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
