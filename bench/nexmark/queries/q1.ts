import type { Bid } from '../generator/nexmark-event.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { bidsOf } from './views.ts'

type Row = Pick<Bid, 'auction' | 'bidder' | 'price' | 'dateTime' | 'extra'>

/** Thousandths of a euro per dollar. */
const EURO_THOUSANDTHS = 908

/** Currency conversion: bids with their price in euro, three decimals. */
export const q1: AppendingQuery<Row> = {
  name: 'q1',
  about: 'currency conversion',
  kind: 'appending',
  results: (events) =>
    bidsOf(events).map(({ auction, bidder, price, dateTime, extra }) => ({
      auction,
      bidder,
      price: (price * EURO_THOUSANDTHS) / 1_000,
      dateTime,
      extra,
    })),
  hash: ({ auction, bidder, price, dateTime, extra }, hash) =>
    hash
      .number(auction)
      .number(bidder)
      .number(Math.round(price * 1_000))
      .number(dateTime)
      .text(extra),
}
