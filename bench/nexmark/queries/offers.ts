import { type DataStream, type TypeInformation, types } from '@millrace/engine'
import type { Bid, NexmarkEvent } from '../generator/nexmark-event.ts'
import { bidsOf } from './views.ts'

/** The numbers of a bid. Most queries need no more, and what they need goes through exchanges. */
export type Offer = Pick<Bid, 'auction' | 'bidder' | 'price' | 'dateTime'>

export const offerType: TypeInformation<Offer> = types.row({
  auction: types.int,
  bidder: types.int,
  price: types.int,
  dateTime: types.int,
})

/** The bids of the stream, with no more of them than an {@link Offer} has. */
export function offersOf(events: DataStream<NexmarkEvent>): DataStream<Offer> {
  return bidsOf(events).map(({ auction, bidder, price, dateTime }) => ({
    auction,
    bidder,
    price,
    dateTime,
  }))
}
