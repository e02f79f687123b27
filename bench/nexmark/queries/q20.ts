import {
  type Collector,
  type KeyedCoProcessFunction,
  type KeyedProcessContext,
  type ListState,
  listState,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
} from '@millrace/engine'
import { type Auction, auctionType, type Bid, bidType } from '../generator/nexmark-event.ts'
import { hashAuction, hashBid } from './hash-event.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { auctionsOf, bidsOf } from './views.ts'

interface Row {
  readonly bid: Bid
  readonly auction: Auction
}

const CATEGORY = 10

const AUCTION = valueState<Auction>('auction', { type: auctionType })
const WAITING = listState<Bid>('waiting', { type: bidType })

/** Expand bids: the bids of one category, each with its auction. */
export const q20: AppendingQuery<Row> = {
  name: 'q20',
  about: 'join of bids with their auctions',
  kind: 'appending',
  results: (events) =>
    auctionsOf(events)
      .filter(({ category }) => category === CATEGORY)
      .keyBy(({ id }) => id, types.int)
      .connect(bidsOf(events).keyBy(({ auction }) => auction, types.int))
      .process(new JoinAuction()),
  hash: ({ bid, auction }, hash) => hashAuction(auction, hashBid(bid, hash)),
}

/** Bids wait for their auction for ever, for the query does not say when it may come. */
class JoinAuction implements KeyedCoProcessFunction<number, Auction, Bid, Row> {
  private auction!: ValueState<Auction>
  private waiting!: ListState<Bid>

  open(context: RuntimeContext): void {
    this.auction = context.getState(AUCTION)
    this.waiting = context.getListState(WAITING)
  }

  processElement1(auction: Auction, _ctx: KeyedProcessContext<number>, out: Collector<Row>): void {
    this.auction.update(auction)
    for (const bid of this.waiting.get()) out.collect({ bid, auction })
    this.waiting.clear()
  }

  processElement2(bid: Bid, _ctx: KeyedProcessContext<number>, out: Collector<Row>): void {
    const auction = this.auction.value()
    if (auction === undefined) this.waiting.add(bid)
    else out.collect({ bid, auction })
  }
}
