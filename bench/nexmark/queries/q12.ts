import { seconds, tumblingProcessingTimeWindows, types } from '@millrace/engine'
import { countingBids } from './counting-bids.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { bidsOf } from './views.ts'

interface Row {
  readonly bidder: number
  readonly bidCount: number
  readonly startTime: number
  readonly endTime: number
}

/** Processing time windows: how many bids somebody made in each ten seconds of the clock. */
export const q12: AppendingQuery<Row> = {
  name: 'q12',
  about: 'windows of processing time',
  kind: 'appending',
  results: (events) =>
    bidsOf(events)
      .map(({ bidder }) => bidder)
      .keyBy((bidder) => bidder, types.int)
      .window(tumblingProcessingTimeWindows(seconds(10)))
      .aggregate<number, number, Row>(countingBids, (bidder, { window }, counts, out) => {
        for (const bidCount of counts) {
          out.collect({ bidder, bidCount, startTime: window.startMs, endTime: window.endMs })
        }
      }),
  hash: ({ bidder, bidCount, startTime, endTime }, hash) =>
    hash.number(bidder).number(bidCount).number(startTime).number(endTime),
}
