import {
  type Collector,
  type KeyedCoProcessFunction,
  type KeyedProcessContext,
  type ListState,
  listState,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
} from '@millrace/engine'
import type { Auction, Person } from '../generator/nexmark-event.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { auctionsOf, personsOf } from './views.ts'

type Seller = Pick<Person, 'name' | 'city' | 'state'>
type Row = Seller & Pick<Auction, 'id'>

const CATEGORY = 10
const STATES: ReadonlySet<string> = new Set(['OR', 'ID', 'CA'])

const SELLER = valueState<Seller>('seller', {
  type: types.row({ name: types.string, city: types.string, state: types.string }),
})
const WAITING = listState<number>('waiting', { type: types.int })

/** Local items: who sells in some states and in one category. */
export const q3: AppendingQuery<Row> = {
  name: 'q3',
  about: 'local items: join of auctions and persons',
  kind: 'appending',
  results: (events) =>
    auctionsOf(events)
      .filter(({ category }) => category === CATEGORY)
      .keyBy(({ seller }) => seller, types.int)
      .connect(
        personsOf(events)
          .filter(({ state }) => STATES.has(state))
          .keyBy(({ id }) => id, types.int),
      )
      .process(new JoinSeller()),
  hash: ({ name, city, state, id }, hash) => hash.text(name).text(city).text(state).number(id),
}

/** Auctions wait for their seller, who comes once; later auctions find the seller. */
class JoinSeller implements KeyedCoProcessFunction<number, Auction, Person, Row> {
  private seller!: ValueState<Seller>
  private waiting!: ListState<number>

  open(context: RuntimeContext): void {
    this.seller = context.getState(SELLER)
    this.waiting = context.getListState(WAITING)
  }

  processElement1({ id }: Auction, _ctx: KeyedProcessContext<number>, out: Collector<Row>): void {
    const seller = this.seller.value()
    if (seller === undefined) this.waiting.add(id)
    else out.collect({ ...seller, id })
  }

  processElement2(person: Person, _ctx: KeyedProcessContext<number>, out: Collector<Row>): void {
    const { name, city, state } = person
    this.seller.update({ name, city, state })
    for (const id of this.waiting.get()) out.collect({ name, city, state, id })
    this.waiting.clear()
  }
}
