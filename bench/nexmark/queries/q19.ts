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

interface Row {
  readonly bid: Bid
  readonly rank: number
}

const RANKS = 10

const TOP = valueState<readonly Bid[]>('top', { type: types.array(bidType) })

/** Auction top ten: the ten highest bids of each auction. */
export const q19: ChangingQuery<Row> = {
  name: 'q19',
  about: 'ten highest bids of each auction',
  kind: 'changing',
  results: (events) =>
    bidsOf(events)
      .keyBy(({ auction }) => auction, types.int)
      .process(new TopBids()),
  hash: ({ bid, rank }, hash) => hashBid(bid, hash).number(rank),
}

class TopBids implements KeyedProcessFunction<number, Bid, Change<Row>> {
  private top!: ValueState<readonly Bid[]>

  open(context: RuntimeContext): void {
    this.top = context.getState(TOP)
  }

  processElement(bid: Bid, _ctx: unknown, out: Collector<Change<Row>>): void {
    const top = this.top.value() ?? []
    let place = top.length
    while (place > 0 && isHigher(bid, top[place - 1] as Bid)) place--
    if (place === RANKS) return
    const changed = [...top.slice(0, place), bid, ...top.slice(place, RANKS - 1)]
    this.top.update(changed)
    for (let index = place; index < changed.length; index++) {
      const rank = index + 1
      const last = top[index]
      const before = last === undefined ? undefined : { bid: last, rank }
      out.collect({ before, after: { bid: changed[index] as Bid, rank } })
    }
  }
}

/** SQL leaves open which of equal bids is first; here it is the earlier, then the lower bidder. */
function isHigher(bid: Bid, other: Bid): boolean {
  if (bid.price !== other.price) return bid.price > other.price
  if (bid.dateTime !== other.dateTime) return bid.dateTime < other.dateTime
  return bid.bidder < other.bidder
}
