import {
  type Collector,
  type KeyedCoProcessFunction,
  type KeyedProcessContext,
  type ListState,
  listState,
  type OnTimerContext,
  type RuntimeContext,
  type TypeInformation,
  type ValueState,
  valueState,
} from '@millrace/engine'
import type { Auction } from '../generator/nexmark-event.ts'
import type { Change } from './nexmark-query.ts'
import type { Offer } from './offers.ts'

/** What must be known of an auction to tell which bids count. */
export type Lasting = Pick<Auction, 'id' | 'dateTime' | 'expires'>

/** An auction with its highest bid so far. */
export interface WinningBid<A extends Lasting, B extends Offer> {
  readonly auction: A
  readonly bid: B
}

/** Types of the records that are kept in state. */
export interface WinningBidTypes<A, B> {
  readonly auction: TypeInformation<A>
  readonly bid: TypeInformation<B>
}

/**
 * The winning bid of each auction: the highest while the auction lasts; of equal ones the earliest.
 * An auction is forgotten when the watermark has passed its end.
 */
export class WinningBids<A extends Lasting, B extends Offer>
  implements KeyedCoProcessFunction<number, A, B, Change<WinningBid<A, B>>>
{
  private readonly types: WinningBidTypes<A, B>
  private auction!: ValueState<A>
  private best!: ValueState<B>
  /** Bids that came before their auction. */
  private early!: ListState<B>

  constructor(types: WinningBidTypes<A, B>) {
    this.types = types
  }

  open(context: RuntimeContext): void {
    this.auction = context.getState(valueState<A>('auction', { type: this.types.auction }))
    this.best = context.getState(valueState<B>('best', { type: this.types.bid }))
    this.early = context.getListState(listState<B>('early', { type: this.types.bid }))
  }

  processElement1(
    auction: A,
    { timerService }: KeyedProcessContext<number>,
    out: Collector<Change<WinningBid<A, B>>>,
  ): void {
    this.auction.update(auction)
    timerService.registerEventTimeTimer(auction.expires)
    for (const bid of this.early.get()) this.consider(auction, bid, out)
    this.early.clear()
  }

  processElement2(
    bid: B,
    { timerService }: KeyedProcessContext<number>,
    out: Collector<Change<WinningBid<A, B>>>,
  ): void {
    const auction = this.auction.value()
    if (auction !== undefined) {
      this.consider(auction, bid, out)
    } else if (bid.dateTime > timerService.currentWatermark()) {
      this.early.add(bid)
      timerService.registerEventTimeTimer(bid.dateTime)
    }
  }

  onTimer(timestampMs: number, _ctx: OnTimerContext<number>): void {
    const auction = this.auction.value()
    if (auction === undefined) {
      // No auction that began before these bids can still come.
      this.early.update(this.early.get().filter((bid) => bid.dateTime > timestampMs))
    } else if (timestampMs >= auction.expires) {
      this.auction.clear()
      this.best.clear()
    }
  }

  private consider(auction: A, bid: B, out: Collector<Change<WinningBid<A, B>>>): void {
    if (bid.dateTime < auction.dateTime || bid.dateTime > auction.expires) return
    const best = this.best.value()
    if (best !== undefined && !isBetter(bid, best)) return
    this.best.update(bid)
    const before = best === undefined ? undefined : { auction, bid: best }
    out.collect({ before, after: { auction, bid } })
  }
}

/** Of bids of the same price and time, which are rare, the bidder decides. */
function isBetter(bid: Offer, best: Offer): boolean {
  if (bid.price !== best.price) return bid.price > best.price
  if (bid.dateTime !== best.dateTime) return bid.dateTime < best.dateTime
  return bid.bidder < best.bidder
}
