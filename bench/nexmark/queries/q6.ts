import {
  type Collector,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type MapState,
  mapState,
  type OnTimerContext,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
} from '@millrace/engine'
import type { Auction } from '../generator/nexmark-event.ts'
import type { AppendingQuery, Change } from './nexmark-query.ts'
import { type Offer, offersOf, offerType } from './offers.ts'
import { auctionsOf } from './views.ts'
import { type Lasting, type WinningBid, WinningBids } from './winning-bids.ts'

interface Row {
  readonly seller: number
  /** Rounded down, as an average of whole numbers is in SQL. */
  readonly average: number
}

type Item = Lasting & Pick<Auction, 'seller'>
type Winning = Change<WinningBid<Item, Offer>>

/** Of so many auctions of a seller the average is taken. */
const AUCTIONS = 10

const auctionType = types.row({
  id: types.int,
  dateTime: types.int,
  expires: types.int,
  seller: types.int,
})

/** An auction that goes on, with its highest bid so far. */
interface Open {
  readonly expires: number
  readonly price: number
}

const OPEN = mapState<number, Open>('open', {
  keyType: types.int,
  type: types.row({ expires: types.int, price: types.int }),
})
const LAST_PRICES = valueState<readonly number[]>('last-prices', { type: types.array(types.int) })

/** Average selling price by seller: of the last ten auctions that ended with a bid. */
export const q6: AppendingQuery<Row> = {
  name: 'q6',
  about: 'average of the last ten winning bids per seller',
  kind: 'appending',
  results: (events) =>
    auctionsOf(events)
      .map(({ id, dateTime, expires, seller }): Item => ({ id, dateTime, expires, seller }))
      .keyBy(({ id }) => id, types.int)
      .connect(offersOf(events).keyBy(({ auction }) => auction, types.int))
      .process(new WinningBids<Item, Offer>({ auction: auctionType, bid: offerType }))
      .keyBy(({ after }) => after.auction.seller, types.int)
      .process(new AverageOfSeller()),
  hash: ({ seller, average }, hash) => hash.number(seller).number(average),
}

/** Waits for the end of each auction; of those that end at once that of the lower id is first. */
class AverageOfSeller implements KeyedProcessFunction<number, Winning, Row> {
  private going!: MapState<number, Open>
  private lastPrices!: ValueState<readonly number[]>

  open(context: RuntimeContext): void {
    this.going = context.getMapState(OPEN)
    this.lastPrices = context.getState(LAST_PRICES)
  }

  processElement({ after }: Winning, { timerService }: KeyedProcessContext<number>): void {
    const { id, expires } = after.auction
    this.going.put(id, { expires, price: after.bid.price })
    timerService.registerEventTimeTimer(expires)
  }

  onTimer(
    timestampMs: number,
    { currentKey: seller }: OnTimerContext<number>,
    out: Collector<Row>,
  ): void {
    const ended = [...this.going.entries()].filter(([, { expires }]) => expires === timestampMs)
    let prices = this.lastPrices.value() ?? []
    for (const [id, { price }] of ended.sort(([left], [right]) => left - right)) {
      this.going.remove(id)
      prices = [...prices, price].slice(-AUCTIONS)
      const sum = prices.reduce((total, one) => total + one, 0)
      out.collect({ seller, average: Math.floor(sum / prices.length) })
    }
    this.lastPrices.update(prices)
  }
}
