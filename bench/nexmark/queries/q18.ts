import {
  type Collector,
  type KeyedProcessFunction,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
} from '@millrace/engine'
import { type Bid, bidType } from '../generator/nexmark-event.ts'
import { hashBid } from './hash-event.ts'
import type { Change, ChangingQuery } from './nexmark-query.ts'
import { bidsOf } from './views.ts'

/** More auctions than there are. Makes one key of bidder and auction. */
const AUCTIONS_MAX = 10_000_000

const LAST = valueState<Bid>('last', { type: bidType })

/** Find last bid: the last one of each bidder for each auction. */
export const q18: ChangingQuery<Bid> = {
  name: 'q18',
  about: 'last bid of each bidder for each auction',
  kind: 'changing',
  results: (events) =>
    bidsOf(events)
      .keyBy(({ bidder, auction }) => bidder * AUCTIONS_MAX + auction, types.int)
      .process(new LastBid()),
  hash: hashBid,
}

class LastBid implements KeyedProcessFunction<number, Bid, Change<Bid>> {
  private last!: ValueState<Bid>

  open(context: RuntimeContext): void {
    this.last = context.getState(LAST)
  }

  processElement(bid: Bid, _ctx: unknown, out: Collector<Change<Bid>>): void {
    const last = this.last.value()
    if (last !== undefined && !isLater(bid, last)) return
    this.last.update(bid)
    out.collect({ before: last, after: bid })
  }
}

/** SQL leaves open which of the bids of one millisecond is the last; here it is the highest. */
function isLater(bid: Bid, last: Bid): boolean {
  if (bid.dateTime !== last.dateTime) return bid.dateTime > last.dateTime
  return bid.price > last.price
}
