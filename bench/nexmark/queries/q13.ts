import type { MapFunction } from '@millrace/engine'
import type { Bid } from '../generator/nexmark-event.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { parseSideTable, SIDE_ROWS, sideTableText } from './side-table.ts'
import { bidsOf } from './views.ts'

type Row = Pick<Bid, 'auction' | 'bidder' | 'price' | 'dateTime'> & { readonly value: string }

/** Bounded side input: bids with what a table of fixed rows says of their auction. */
export const q13: AppendingQuery<Row> = {
  name: 'q13',
  about: 'join with a side table',
  kind: 'appending',
  results: (events) => bidsOf(events).map<Row>(new LookUp()),
  hash: ({ auction, bidder, price, dateTime, value }, hash) =>
    hash.number(auction).number(bidder).number(price).number(dateTime).text(value),
}

class LookUp implements MapFunction<Bid, Row> {
  private values!: ReadonlyMap<number, string>

  open(): void {
    this.values = parseSideTable(sideTableText())
  }

  map({ auction, bidder, price, dateTime }: Bid): Row {
    const value = this.values.get(auction % SIDE_ROWS) as string
    return { auction, bidder, price, dateTime, value }
  }
}
