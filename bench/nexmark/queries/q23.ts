import {
  type Collector,
  type KeyedProcessFunction,
  type ListState,
  listState,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
} from '@millrace/engine'
import {
  type Auction,
  auctionType,
  type Bid,
  bidType,
  type NexmarkEvent,
  type Person,
  personType,
} from '../generator/nexmark-event.ts'
import { hashAuction } from './hash-event.ts'
import type { AppendingQuery } from './nexmark-query.ts'

interface Row {
  readonly bid: Bid
  readonly person: Person
  readonly auction: Auction
}

const PERSON = valueState<Person>('person', { type: personType })
const AUCTIONS = listState<Auction>('auctions', { type: auctionType })
const BIDS = listState<Bid>('bids', { type: bidType })

/** Expand bids with person and auction: all bids of whoever has listed an item too. */
export const q23: AppendingQuery<Row> = {
  name: 'q23',
  about: 'join of bids, persons and auctions',
  kind: 'appending',
  results: (events) => events.keyBy(personOf, types.int).process(new JoinPerson()),
  hash: ({ bid, person, auction }, hash) =>
    hashAuction(
      auction,
      hash
        .number(bid.bidder)
        .number(bid.price)
        .text(bid.channel)
        .text(bid.url)
        .text(bid.extra)
        .number(person.id)
        .text(person.name)
        .text(person.emailAddress)
        .text(person.creditCard)
        .text(person.city)
        .text(person.state)
        .text(person.extra),
    ),
}

/** The person by which the three streams are joined. */
function personOf(event: NexmarkEvent): number {
  if (event.kind === 'bid') return event.bidder
  return event.kind === 'auction' ? event.seller : event.id
}

/** Keeps all that came of a person, for the query does not say how long to wait for the rest. */
class JoinPerson implements KeyedProcessFunction<number, NexmarkEvent, Row> {
  private person!: ValueState<Person>
  private auctions!: ListState<Auction>
  private bids!: ListState<Bid>

  open(context: RuntimeContext): void {
    this.person = context.getState(PERSON)
    this.auctions = context.getListState(AUCTIONS)
    this.bids = context.getListState(BIDS)
  }

  processElement(event: NexmarkEvent, _ctx: unknown, out: Collector<Row>): void {
    if (event.kind === 'bid') this.addBid(event, out)
    else if (event.kind === 'auction') this.addAuction(event, out)
    else this.addPerson(event, out)
  }

  private addBid(bid: Bid, out: Collector<Row>): void {
    this.bids.add(bid)
    const person = this.person.value()
    if (person === undefined) return
    for (const auction of this.auctions.get()) out.collect({ bid, person, auction })
  }

  private addAuction(auction: Auction, out: Collector<Row>): void {
    this.auctions.add(auction)
    const person = this.person.value()
    if (person === undefined) return
    for (const bid of this.bids.get()) out.collect({ bid, person, auction })
  }

  private addPerson(person: Person, out: Collector<Row>): void {
    this.person.update(person)
    const auctions = [...this.auctions.get()]
    for (const bid of this.bids.get()) {
      for (const auction of auctions) out.collect({ bid, person, auction })
    }
  }
}
