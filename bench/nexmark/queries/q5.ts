import {
  type AggregateFunction,
  seconds,
  slidingEventTimeWindows,
  tumblingEventTimeWindows,
  types,
} from '@millrace/engine'
import { countingBids } from './counting-bids.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { bidsOf } from './views.ts'

interface Row {
  readonly auction: number
  readonly num: number
}

type Count = Row & { readonly windowEndMs: number }

/** The auctions with the most bids of a window so far. */
interface Top {
  num: number
  auctions: number[]
}

const topAuctions: AggregateFunction<Count, Top, Top> = {
  createAccumulator: () => ({ num: 0, auctions: [] }),
  add: ({ auction, num }, top) => {
    if (num > top.num) return { num, auctions: [auction] }
    if (num === top.num) top.auctions.push(auction)
    return top
  },
  merge: (left, right) => {
    if (left.num !== right.num) return left.num > right.num ? left : right
    return { num: left.num, auctions: [...left.auctions, ...right.auctions] }
  },
  getResult: (top) => top,
  accumulatorType: types.row({ num: types.int, auctions: types.array(types.int) }),
}

/** Hot items: the auctions with the most bids in the last ten seconds, every two seconds. */
export const q5: AppendingQuery<Row> = {
  name: 'q5',
  about: 'hot items: sliding window',
  kind: 'appending',
  results: (events) =>
    bidsOf(events)
      .map(({ auction }) => auction)
      .keyBy((auction) => auction, types.int)
      .window(slidingEventTimeWindows(seconds(10), seconds(2)))
      .aggregate<number, number, Count>(countingBids, (auction, { window }, counts, out) => {
        for (const num of counts) out.collect({ auction, num, windowEndMs: window.endMs })
      })
      // The counts of one sliding window carry its last millisecond, so they share a tumbling one.
      .keyBy(({ windowEndMs }) => windowEndMs, types.int)
      .window(tumblingEventTimeWindows(seconds(2)))
      .aggregate<Top, Top, Row>(topAuctions, (_windowEndMs, _context, tops, out) => {
        for (const { num, auctions } of tops) {
          for (const auction of auctions) out.collect({ auction, num })
        }
      }),
  hash: ({ auction, num }, hash) => hash.number(auction).number(num),
}
