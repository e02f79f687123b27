import {
  type Collector,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
} from '@millrace/engine'
import { BidCounting, type BidCounts, bidCountsType, hashCounts } from './bid-counts.ts'
import { dayOf, dayText } from './days.ts'
import type { Change, ChangingQuery } from './nexmark-query.ts'
import { type Offer, offersOf } from './offers.ts'

interface Row {
  readonly day: string
  readonly counts: BidCounts
}

const ROW = valueState<Row>('row', {
  type: types.row({ day: types.string, counts: bidCountsType }),
})

/** Bidding statistics of each day. */
export const q15: ChangingQuery<Row> = {
  name: 'q15',
  about: 'distinct counts per day',
  kind: 'changing',
  results: (events) =>
    offersOf(events)
      .keyBy(({ dateTime }) => dayOf(dateTime), types.int)
      .process(new StatisticsOfDay()),
  hash: ({ day, counts }, hash) => hashCounts(counts, hash.text(day)),
}

class StatisticsOfDay implements KeyedProcessFunction<number, Offer, Change<Row>> {
  private row!: ValueState<Row>
  private counting!: BidCounting

  open(context: RuntimeContext): void {
    this.row = context.getState(ROW)
    this.counting = new BidCounting(context)
  }

  processElement(
    bid: Offer,
    { currentKey }: KeyedProcessContext<number>,
    out: Collector<Change<Row>>,
  ): void {
    const before = this.row.value()
    const after = {
      day: before?.day ?? dayText(currentKey),
      counts: this.counting.add(bid, before?.counts),
    }
    this.row.update(after)
    out.collect({ before, after })
  }
}
