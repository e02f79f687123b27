import { fileSink } from '@millrace/engine/connector/file'
import type { Bid } from '../generator/nexmark-event.ts'
import { dayOf, dayText, minuteOf, minuteText } from './days.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { bidsOf } from './views.ts'

type Row = Pick<Bid, 'auction' | 'bidder' | 'price' | 'dateTime' | 'extra'> & {
  /** Day and minute, by which the rows are parted. */
  readonly day: string
  readonly minute: string
}

/** Log to file system: bids as CSV in a folder for each day and minute. */
export const q10: AppendingQuery<Row> = {
  name: 'q10',
  about: 'log to files by day and minute',
  kind: 'appending',
  results: (events) =>
    bidsOf(events).map(({ auction, bidder, price, dateTime, extra }) => ({
      auction,
      bidder,
      price,
      dateTime,
      extra,
      day: dayText(dayOf(dateTime)),
      minute: minuteText(minuteOf(dateTime)),
    })),
  write: (rows, path) => {
    const sink = fileSink<Row>({
      path,
      encode: ({ auction, bidder, price, dateTime, extra }) =>
        `${auction},${bidder},${price},${dateTime},${extra}\n`,
      bucket: ({ day, minute }) => `dt=${day}/hm=${minute}`,
    })
    rows.sinkTo(sink).uid('files')
  },
  hash: ({ auction, bidder, price, dateTime, extra, day, minute }, hash) =>
    hash
      .number(auction)
      .number(bidder)
      .number(price)
      .number(dateTime)
      .text(extra)
      .text(day)
      .text(minute),
}
