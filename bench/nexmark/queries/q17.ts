import {
  type Collector,
  type KeyedProcessFunction,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
} from '@millrace/engine'
import { rankOf } from './bid-counts.ts'
import { dayOf, dayText } from './days.ts'
import type { Change, ChangingQuery } from './nexmark-query.ts'
import { type Offer, offersOf } from './offers.ts'

interface Row {
  readonly auction: number
  readonly day: string
  readonly totalBids: number
  readonly rank1Bids: number
  readonly rank2Bids: number
  readonly rank3Bids: number
  readonly minPrice: number
  readonly maxPrice: number
  /** Rounded down, as an average of whole numbers is in SQL. */
  readonly avgPrice: number
  readonly sumPrice: number
}

const ROW = valueState<Row>('row', {
  type: types.row({
    auction: types.int,
    day: types.string,
    totalBids: types.int,
    rank1Bids: types.int,
    rank2Bids: types.int,
    rank3Bids: types.int,
    minPrice: types.int,
    maxPrice: types.int,
    avgPrice: types.int,
    sumPrice: types.int,
  }),
})

/** More auctions than there are. Makes one key of auction and day. */
const AUCTIONS_MAX = 10_000_000_000

/** Auction statistics of each auction and day. */
export const q17: ChangingQuery<Row> = {
  name: 'q17',
  about: 'prices per auction and day',
  kind: 'changing',
  results: (events) =>
    offersOf(events)
      .keyBy(({ auction, dateTime }) => dayOf(dateTime) * AUCTIONS_MAX + auction, types.int)
      .process(new StatisticsOfAuction()),
  hash: (row, hash) =>
    hash
      .number(row.auction)
      .text(row.day)
      .number(row.totalBids)
      .number(row.rank1Bids)
      .number(row.rank2Bids)
      .number(row.rank3Bids)
      .number(row.minPrice)
      .number(row.maxPrice)
      .number(row.avgPrice)
      .number(row.sumPrice),
}

class StatisticsOfAuction implements KeyedProcessFunction<number, Offer, Change<Row>> {
  private row!: ValueState<Row>

  open(context: RuntimeContext): void {
    this.row = context.getState(ROW)
  }

  processElement(bid: Offer, _ctx: unknown, out: Collector<Change<Row>>): void {
    const before = this.row.value()
    const after = withBid(before ?? emptyRow(bid), bid)
    this.row.update(after)
    out.collect({ before, after })
  }
}

function emptyRow({ auction, dateTime, price }: Offer): Row {
  return {
    auction,
    day: dayText(dayOf(dateTime)),
    totalBids: 0,
    rank1Bids: 0,
    rank2Bids: 0,
    rank3Bids: 0,
    minPrice: price,
    maxPrice: price,
    avgPrice: 0,
    sumPrice: 0,
  }
}

function withBid(row: Row, { price }: Offer): Row {
  const rank = rankOf(price)
  const totalBids = row.totalBids + 1
  const sumPrice = row.sumPrice + price
  return {
    auction: row.auction,
    day: row.day,
    totalBids,
    rank1Bids: row.rank1Bids + (rank === 0 ? 1 : 0),
    rank2Bids: row.rank2Bids + (rank === 1 ? 1 : 0),
    rank3Bids: row.rank3Bids + (rank === 2 ? 1 : 0),
    minPrice: Math.min(row.minPrice, price),
    maxPrice: Math.max(row.maxPrice, price),
    avgPrice: Math.floor(sumPrice / totalBids),
    sumPrice,
  }
}
