import type { Bid } from '../generator/nexmark-event.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { bidsOf } from './views.ts'

type Row = Pick<Bid, 'auction' | 'bidder' | 'price' | 'dateTime' | 'extra'> & {
  readonly bidTimeType: 'dayTime' | 'nightTime' | 'otherTime'
  readonly cCounts: number
}

/** Thousandths of a euro per dollar. */
const EURO_THOUSANDTHS = 908
const HOUR_MS = 3_600_000

/** Calculation: bids of a range of prices, with the time of the day and a count of letters. */
export const q14: AppendingQuery<Row> = {
  name: 'q14',
  about: 'calculation with a function of our own',
  kind: 'appending',
  results: (events) =>
    bidsOf(events)
      .filter(({ price }) => {
        const thousandths = price * EURO_THOUSANDTHS
        return thousandths > 1e9 && thousandths < 5e10
      })
      .map(({ auction, bidder, price, dateTime, extra }) => ({
        auction,
        bidder,
        price: (price * EURO_THOUSANDTHS) / 1_000,
        bidTimeType: timeTypeOf(Math.floor(dateTime / HOUR_MS) % 24),
        dateTime,
        extra,
        cCounts: count(extra, 'c'),
      })),
  hash: (row, hash) =>
    hash
      .number(row.auction)
      .number(row.bidder)
      .number(Math.round(row.price * 1_000))
      .text(row.bidTimeType)
      .number(row.dateTime)
      .text(row.extra)
      .number(row.cCounts),
}

function timeTypeOf(hour: number): Row['bidTimeType'] {
  if (hour >= 8 && hour <= 18) return 'dayTime'
  return hour <= 6 || hour >= 20 ? 'nightTime' : 'otherTime'
}

function count(text: string, character: string): number {
  let times = 0
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) times++
  return times
}
