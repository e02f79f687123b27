import type { Bid } from '../generator/nexmark-event.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { bidsOf } from './views.ts'

type Row = Pick<Bid, 'auction' | 'bidder' | 'price' | 'dateTime' | 'extra'>

/** Pass through: what the engine costs when a query does nothing. */
export const q0: AppendingQuery<Row> = {
  name: 'q0',
  about: 'pass through',
  kind: 'appending',
  results: (events) =>
    bidsOf(events).map(({ auction, bidder, price, dateTime, extra }) => ({
      auction,
      bidder,
      price,
      dateTime,
      extra,
    })),
  hash: ({ auction, bidder, price, dateTime, extra }, hash) =>
    hash.number(auction).number(bidder).number(price).number(dateTime).text(extra),
}
