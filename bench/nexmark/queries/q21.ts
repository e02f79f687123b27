import type { Bid } from '../generator/nexmark-event.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { bidsOf } from './views.ts'

type Row = Pick<Bid, 'auction' | 'bidder' | 'price' | 'channel'> & { readonly channelId: string }

const HOT_CHANNELS: ReadonlyMap<string, string> = new Map([
  ['apple', '0'],
  ['google', '1'],
  ['facebook', '2'],
  ['baidu', '3'],
])

/** Add channel id: known by name, or from the URL; bids without one are left out. */
export const q21: AppendingQuery<Row> = {
  name: 'q21',
  about: 'channel id by name or regular expression',
  kind: 'appending',
  results: (events) =>
    bidsOf(events).flatMap<Row>(({ auction, bidder, price, channel, url }, out) => {
      const channelId =
        HOT_CHANNELS.get(channel.toLowerCase()) ?? /(?:&|^)channel_id=([^&]*)/.exec(url)?.[1]
      if (channelId !== undefined) out.collect({ auction, bidder, price, channel, channelId })
    }),
  hash: ({ auction, bidder, price, channel, channelId }, hash) =>
    hash.number(auction).number(bidder).number(price).text(channel).text(channelId),
}
