import type { Bid } from '../generator/nexmark-event.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { bidsOf } from './views.ts'

type Row = Pick<Bid, 'auction' | 'price'>

/** Selection: the bids for some auctions. */
export const q2: AppendingQuery<Row> = {
  name: 'q2',
  about: 'selection by auction',
  kind: 'appending',
  results: (events) =>
    bidsOf(events)
      .filter(({ auction }) => auction % 123 === 0)
      .map(({ auction, price }) => ({ auction, price })),
  hash: ({ auction, price }, hash) => hash.number(auction).number(price),
}
