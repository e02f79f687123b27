import { eventTimeSessionWindows, seconds, types } from '@millrace/engine'
import { countingBids } from './counting-bids.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { bidsOf } from './views.ts'

interface Row {
  readonly bidder: number
  readonly bidCount: number
  readonly startTime: number
  readonly endTime: number
}

/** User sessions: how many bids somebody made before ten seconds of silence. */
export const q11: AppendingQuery<Row> = {
  name: 'q11',
  about: 'user sessions: session window',
  kind: 'appending',
  results: (events) =>
    bidsOf(events)
      .map(({ bidder }) => bidder)
      .keyBy((bidder) => bidder, types.int)
      .window(eventTimeSessionWindows(seconds(10)))
      .aggregate<number, number, Row>(countingBids, (bidder, { window }, counts, out) => {
        for (const bidCount of counts) {
          out.collect({ bidder, bidCount, startTime: window.startMs, endTime: window.endMs })
        }
      }),
  hash: ({ bidder, bidCount, startTime, endTime }, hash) =>
    hash.number(bidder).number(bidCount).number(startTime).number(endTime),
}
