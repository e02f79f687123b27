import type { DataStream } from '@millrace/engine'
import type { Auction, Bid, NexmarkEvent, Person } from '../generator/nexmark-event.ts'

/** The persons of the stream. */
export function personsOf(events: DataStream<NexmarkEvent>): DataStream<Person> {
  return events.filter((event): event is Person => event.kind === 'person')
}

/** The auctions of the stream. */
export function auctionsOf(events: DataStream<NexmarkEvent>): DataStream<Auction> {
  return events.filter((event): event is Auction => event.kind === 'auction')
}

/** The bids of the stream. */
export function bidsOf(events: DataStream<NexmarkEvent>): DataStream<Bid> {
  return events.filter((event): event is Bid => event.kind === 'bid')
}
