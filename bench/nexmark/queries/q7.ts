import {
  type AggregateFunction,
  type Collector,
  type ProcessWindowContext,
  type ProcessWindowFunction,
  seconds,
  type TimeWindow,
  tumblingEventTimeWindows,
  types,
  valueState,
} from '@millrace/engine'
import type { Bid } from '../generator/nexmark-event.ts'
import { bidType } from '../generator/nexmark-event.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { bidsOf } from './views.ts'

type Row = Pick<Bid, 'auction' | 'bidder' | 'price' | 'dateTime' | 'extra'>

const SIZE_MS = seconds(10)

/** What must be known of a window. */
interface Highest {
  price: number
  /** The bids of that price. */
  bids: Bid[]
  /** The bids at the first instant, which the query counts to the window before as well. */
  atStart: Bid[]
}

const highest: AggregateFunction<Bid, Highest, Highest> = {
  createAccumulator: () => ({ price: 0, bids: [], atStart: [] }),
  add: (bid, accumulator) => {
    if (bid.price > accumulator.price) {
      accumulator.price = bid.price
      accumulator.bids = [bid]
    } else if (bid.price === accumulator.price) accumulator.bids.push(bid)
    if (bid.dateTime % SIZE_MS === 0) accumulator.atStart.push(bid)
    return accumulator
  },
  merge: (left, right) => {
    const price = Math.max(left.price, right.price)
    const bids = [left, right].flatMap((side) => (side.price === price ? side.bids : []))
    return { price, bids, atStart: [...left.atStart, ...right.atStart] }
  },
  getResult: (accumulator) => accumulator,
  accumulatorType: types.row({
    price: types.int,
    bids: types.array(bidType),
    atStart: types.array(bidType),
  }),
}

/** Highest bid: the bids with the highest price of each ten seconds. */
export const q7: AppendingQuery<Row> = {
  name: 'q7',
  about: 'highest bid of a window',
  kind: 'appending',
  results: (events) =>
    bidsOf(events)
      .windowAll(tumblingEventTimeWindows(SIZE_MS))
      .aggregate<Highest, Highest, Row>(highest, new HighestBids()),
  hash: ({ auction, bidder, price, dateTime, extra }, hash) =>
    hash.number(auction).number(bidder).number(price).number(dateTime).text(extra),
}

const LAST = valueState<{ endMs: number; price: number }>('last-window', {
  type: types.row({ endMs: types.int, price: types.int }),
})

/**
 * Emits the highest bids of each window. Both ends of the interval in which the query looks for
 * them belong to it, so a bid at the end of a window may be one of its highest too.
 */
class HighestBids implements ProcessWindowFunction<Highest, Row, null, TimeWindow> {
  process(
    _key: null,
    { window, globalState }: ProcessWindowContext<TimeWindow>,
    windows: Iterable<Highest>,
    out: Collector<Row>,
  ): void {
    const lastState = globalState.getState(LAST)
    const last = lastState.value()
    for (const { price, bids, atStart } of windows) {
      for (const bid of atStart) {
        if (last?.endMs === window.startMs && last.price === bid.price) out.collect(rowOf(bid))
      }
      for (const bid of bids) out.collect(rowOf(bid))
      lastState.update({ endMs: window.endMs, price })
    }
  }
}

function rowOf({ auction, bidder, price, dateTime, extra }: Bid): Row {
  return { auction, bidder, price, dateTime, extra }
}
