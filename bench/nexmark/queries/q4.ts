import {
  type Collector,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
} from '@millrace/engine'
import type { Auction } from '../generator/nexmark-event.ts'
import type { Change, ChangingQuery } from './nexmark-query.ts'
import { type Offer, offersOf, offerType } from './offers.ts'
import { auctionsOf } from './views.ts'
import { type Lasting, type WinningBid, WinningBids } from './winning-bids.ts'

interface Row {
  readonly category: number
  /** Rounded down, as an average of whole numbers is in SQL. */
  readonly average: number
}

type Item = Lasting & Pick<Auction, 'category'>

const auctionType = types.row({
  id: types.int,
  dateTime: types.int,
  expires: types.int,
  category: types.int,
})
const TOTALS = valueState<Totals>('totals', {
  type: types.row({ auctions: types.int, price: types.int }),
})

/** Average price per category: of the winning bids of its auctions. */
export const q4: ChangingQuery<Row> = {
  name: 'q4',
  about: 'average of winning bids per category',
  kind: 'changing',
  results: (events) =>
    auctionsOf(events)
      .map(({ id, dateTime, expires, category }): Item => ({ id, dateTime, expires, category }))
      .keyBy(({ id }) => id, types.int)
      .connect(offersOf(events).keyBy(({ auction }) => auction, types.int))
      .process(new WinningBids<Item, Offer>({ auction: auctionType, bid: offerType }))
      .keyBy(({ after }) => after.auction.category, types.int)
      .process(new AverageOfCategory()),
  hash: ({ category, average }, hash) => hash.number(category).number(average),
}

interface Totals {
  readonly auctions: number
  readonly price: number
}

type Winning = Change<WinningBid<Item, Offer>>

/** Sums up the winning bids of a category: a bid takes the place of the one that it beats. */
class AverageOfCategory implements KeyedProcessFunction<number, Winning, Change<Row>> {
  private totals!: ValueState<Totals>

  open(context: RuntimeContext): void {
    this.totals = context.getState(TOTALS)
  }

  processElement(
    { before, after }: Winning,
    { currentKey: category }: KeyedProcessContext<number>,
    out: Collector<Change<Row>>,
  ): void {
    const last = this.totals.value()
    const { auctions, price } = last ?? { auctions: 0, price: 0 }
    const totals = {
      auctions: before === undefined ? auctions + 1 : auctions,
      price: price + after.bid.price - (before?.bid.price ?? 0),
    }
    this.totals.update(totals)
    out.collect({ before: last && rowOf(category, last), after: rowOf(category, totals) })
  }
}

function rowOf(category: number, { auctions, price }: Totals): Row {
  return { category, average: Math.floor(price / auctions) }
}
