import {
  type Collector,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
} from '@millrace/engine'
import type { Bid } from '../generator/nexmark-event.ts'
import { BidCounting, type BidCounts, bidCountsType, hashCounts } from './bid-counts.ts'
import { dayOf, dayText, minuteOf, minuteText } from './days.ts'
import type { Change, ChangingQuery } from './nexmark-query.ts'
import type { Offer } from './offers.ts'
import { bidsOf } from './views.ts'

interface Row {
  readonly channel: string
  readonly day: string
  /** The last minute with a bid: `HH:mm`. */
  readonly minute: string
  readonly counts: BidCounts
}

const ROW = valueState<Row>('row', {
  type: types.row({
    channel: types.string,
    day: types.string,
    minute: types.string,
    counts: bidCountsType,
  }),
})

type OfferByChannel = Offer & Pick<Bid, 'channel'>

/** Bidding statistics of each channel and day. */
export const q16: ChangingQuery<Row> = {
  name: 'q16',
  about: 'distinct counts per channel and day',
  kind: 'changing',
  results: (events) =>
    bidsOf(events)
      .map(({ auction, bidder, price, channel, dateTime }) => ({
        auction,
        bidder,
        price,
        channel,
        dateTime,
      }))
      .keyBy(({ channel, dateTime }) => `${dayOf(dateTime)} ${channel}`, types.string)
      .process(new StatisticsOfChannel()),
  hash: ({ channel, day, minute, counts }, hash) =>
    hashCounts(counts, hash.text(channel).text(day).text(minute)),
}

class StatisticsOfChannel implements KeyedProcessFunction<string, OfferByChannel, Change<Row>> {
  private row!: ValueState<Row>
  private counting!: BidCounting

  open(context: RuntimeContext): void {
    this.row = context.getState(ROW)
    this.counting = new BidCounting(context)
  }

  processElement(
    bid: OfferByChannel,
    _ctx: KeyedProcessContext<string>,
    out: Collector<Change<Row>>,
  ): void {
    const before = this.row.value()
    const minute = minuteText(minuteOf(bid.dateTime))
    const after = {
      channel: bid.channel,
      day: before?.day ?? dayText(dayOf(bid.dateTime)),
      minute: before !== undefined && before.minute > minute ? before.minute : minute,
      counts: this.counting.add(bid, before?.counts),
    }
    this.row.update(after)
    out.collect({ before, after })
  }
}
