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
      const first = partAfter(url, partAfter(url, partAfter(url, 0)))
      const second = partAfter(url, first)
      const third = partAfter(url, second)
      const end = partAfter(url, third)
      const dir1 = url.substring(first, second - 1)
      const dir2 = url.substring(second, third - 1)
      return { auction, bidder, price, channel, dir1, dir2, dir3: url.substring(third, end - 1) }
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

/** Where the part behind the next slash begins. All parts as an array would take twice as long. */
function partAfter(url: string, from: number): number {
  return url.indexOf('/', from) + 1
}
