/**
 * Compile-time assertions on windows: keys, kinds of windows, triggers, evictors and what is
 * emitted (DST-27, WIN-25). Compiled by the type check, never run.
 */
import {
  type AggregateFunction,
  approximateDistinctCount,
  type Collector,
  countEvictor,
  countTrigger,
  type DataStream,
  deltaEvictor,
  deltaTrigger,
  dynamicEventTimeSessionWindows,
  eventTimeSessionWindows,
  type GlobalWindow,
  globalWindows,
  outputTag,
  type ProcessWindowContext,
  purgingTrigger,
  type TimeWindow,
  tumblingEventTimeWindows,
  type WindowChange,
  type WindowedStream,
} from '../../src/index.ts'
import { type Equal, holds } from './type-assertions.ts'

interface Order {
  readonly id: string
  readonly shop: number
  readonly cents: number
}

declare const orders: DataStream<Order>
const byShop = orders.keyBy('shop')
const minutes = byShop.window(tumblingEventTimeWindows(60_000))
holds<Equal<typeof minutes, WindowedStream<Order, number, TimeWindow>>>()

const mean: AggregateFunction<Order, [sum: number, count: number], string> = {
  createAccumulator: () => [0, 0],
  add: ({ cents }, [sum, count]) => [sum + cents, count + 1],
  getResult: ([sum, count]) => String(sum / count),
  merge: (left, right) => [left[0] + right[0], left[1] + right[1]],
}

// Windows over all records have the key null, count windows are global.
const all = orders.windowAll(eventTimeSessionWindows(10))
holds<Equal<typeof all, WindowedStream<Order, null, TimeWindow>>>()
const counted = byShop.countWindow(3, 1)
holds<Equal<typeof counted, WindowedStream<Order, number, GlobalWindow>>>()
const countedAll = orders.countWindowAll(3)
holds<Equal<typeof countedAll, WindowedStream<Order, null, GlobalWindow>>>()
all.process<string>((key, { window }, records, out) => {
  holds<Equal<typeof key, null>>()
  holds<Equal<typeof window, TimeWindow>>()
  holds<Equal<typeof records, Iterable<Order>>>()
  out.collect(`${window.startMs}`)
})
counted.apply<string>((key, window, _records, out) => {
  holds<Equal<typeof window, GlobalWindow>>()
  out.collect(key.toFixed())
  // @ts-expect-error a global window has no start
  void window.startMs
})
// @ts-expect-error count windows of one key need a keyed stream
orders.countWindow(3)
// @ts-expect-error a window needs a function of its own stream
dynamicEventTimeSessionWindows((order: Order) => order.length)
byShop.window(dynamicEventTimeSessionWindows((order: Order) => order.cents))
// @ts-expect-error the gap is read from another kind of record
byShop.window(dynamicEventTimeSessionWindows((text: string) => text.length))

// What a window computes says what the stream carries.
const totals = minutes.reduce(({ id, shop }, { cents }) => ({ id, shop, cents }))
holds<Equal<typeof totals, DataStream<Order>>>()
const means = minutes.aggregate(mean)
holds<Equal<typeof means, DataStream<string>>>()
const lengths = minutes.aggregate(mean, (shop, ctx, [text], out: Collector<number>) => {
  holds<Equal<typeof shop, number>>()
  holds<Equal<typeof ctx, ProcessWindowContext<TimeWindow>>>()
  holds<Equal<typeof text, string | undefined>>()
  out.collect(text?.length ?? 0)
})
holds<Equal<typeof lengths, DataStream<number>>>()
const visitors = minutes.aggregate(approximateDistinctCount((order: Order) => order.id))
holds<Equal<typeof visitors, DataStream<number>>>()
const sums = minutes.sum('cents')
holds<Equal<typeof sums, DataStream<Order>>>()
// @ts-expect-error an order has no field `price`
minutes.sum('price')
declare const ofTexts: AggregateFunction<string, number, number>
// @ts-expect-error the aggregate is one of texts
minutes.aggregate(ofTexts)

// With retraction, changes are emitted.
const changes = minutes.emission('retracting').aggregate(mean)
holds<Equal<typeof changes, DataStream<WindowChange<string>>>>()
const changed = minutes.allowedLateness(5).emission('retracting').sum('cents')
holds<Equal<typeof changed, DataStream<WindowChange<Order>>>>()
const discarded = minutes.emission('discarding').aggregate(mean)
holds<Equal<typeof discarded, DataStream<string>>>()
const processed = minutes
  .emission('retracting')
  .trigger(countTrigger(2))
  .process<number>((_key, _context, _records, out) => {
    out.collect(1)
    // @ts-expect-error the function emits results; the window makes changes of them
    out.collect({ kind: 'add', value: 1 })
  })
holds<Equal<typeof processed, DataStream<WindowChange<number>>>>()
// @ts-expect-error there is no such emission
minutes.emission('updating')

// Triggers, evictors and tags are of the type of the records.
const distance = (left: Order, right: Order): number => right.cents - left.cents
byShop.window(globalWindows()).trigger(purgingTrigger(deltaTrigger(5, distance)))
minutes.evictor(countEvictor(2))
minutes.evictor(deltaEvictor(5, distance))
// @ts-expect-error the trigger compares texts
minutes.trigger(deltaTrigger(5, (left: string, right: string) => right.length - left.length))
// @ts-expect-error so does the evictor
minutes.evictor(deltaEvictor(5, (left: string, right: string) => right.length - left.length))
const late = outputTag<Order>('late')
const texts = outputTag<string>('texts')
const lateOrders = minutes.sideOutputLateData(late).aggregate(mean).getSideOutput(late)
holds<Equal<typeof lateOrders, DataStream<Order>>>()
// @ts-expect-error late records are orders
minutes.sideOutputLateData(texts)
