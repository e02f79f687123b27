import type { Bid } from '../generator/nexmark-event.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { bidsOf } from './views.ts'

type Row = Pick<Bid, 'auction' | 'bidder' | 'price' | 'channel'> & {
  readonly dir1: string
  readonly dir2: string
  readonly dir3: string
}

/** Get URL directories: the parts of a bid's URL. */
export const q22: AppendingQuery<Row> = {
  name: 'q22',
  about: 'parts of a URL',
  kind: 'appending',
  results: (events) =>
    bidsOf(events).map(({ auction, bidder, price, channel, url }) => {
      const parts = url.split('/', 6)
      const part = (index: number): string => parts[index] ?? ''
      return { auction, bidder, price, channel, dir1: part(3), dir2: part(4), dir3: part(5) }
    }),
  hash: ({ auction, bidder, price, channel, dir1, dir2, dir3 }, hash) =>
    hash
      .number(auction)
      .number(bidder)
      .number(price)
      .text(channel)
      .text(dir1)
      .text(dir2)
      .text(dir3),
}
