/**
 * Compile-time assertions on the types of the DataStream API (DST-27, STA-09, PRO-01). Compiled by
 * the type check, never run: a wrong inference does not compile, and so does an error that is
 * expected but missing.
 */
import {
  type AggregateFunction,
  type Collector,
  type DataStream,
  type DataStreamSink,
  type KeyedProcessFunction,
  type KeyedStream,
  outputTag,
  type ProcessFunction,
  type RuntimeContext,
  type Sink,
  type StreamExecutionEnvironment,
  type TimeWindow,
  tumblingEventTimeWindows,
  types,
  valueState,
  watermarks,
} from '../../src/index.ts'
import { type Equal, holds } from './type-assertions.ts'

interface Order {
  readonly id: string
  readonly shop: number
  readonly cents: number
}

declare const env: StreamExecutionEnvironment
declare const orders: DataStream<Order>
declare const textSink: Sink<string>

// What a stream is made of follows from what made it.
holds<Equal<typeof elements, DataStream<number>>>()
holds<Equal<typeof sequence, DataStream<number>>>()
holds<Equal<typeof lines, DataStream<string>>>()
const elements = env.fromElements(1, 2)
const sequence = env.fromSequence(1, 2)
const lines = env.readTextFile('/in')
// @ts-expect-error a watermark strategy is of the type of the records
orders.assignTimestampsAndWatermarks(watermarks.monotonous<string>())

const cents = orders.map((order) => order.cents)
const labels = orders.map(({ id, shop }) => ({ label: `${id} ${shop}` }))
// @ts-expect-error an order has no field `price`
orders.map((order) => order.price)
// @ts-expect-error behind a map the fields of its input are gone
labels.map((label) => label.shop)
// @ts-expect-error a filter returns a boolean
orders.filter((order) => order.id)
const some = orders.flatMap<string>((order, out) => {
  out.collect(order.id)
  // @ts-expect-error the collector takes what the flatMap is declared to emit
  out.collect(order.cents)
})

// map, flatMap and filter.
holds<Equal<typeof cents, DataStream<number>>>()
holds<Equal<typeof labels, DataStream<{ label: string }>>>()
holds<Equal<typeof some, DataStream<string>>>()
holds<Equal<typeof narrowed, DataStream<'a'>>>()
const narrowed = env.fromElements<'a' | 'b'>('a', 'b').filter((value) => value === 'a')

orders.union(orders)
// @ts-expect-error a union is of one type
orders.union(cents)
// @ts-expect-error a sink takes what the stream carries
cents.sinkTo(textSink)
const ended: DataStreamSink = cents.map(String).sinkTo(textSink)

const byShop = orders.keyBy('shop')
const byBoth = orders.keyBy(({ id, shop }) => `${shop} ${id}`)
const byRow = orders.keyBy(({ shop }) => ({ shop }), types.row({ shop: types.int }))
// @ts-expect-error an order has no field `store`
orders.keyBy('store')
// @ts-expect-error the key type is that of the selector
orders.keyBy(({ shop }) => shop, types.string)
// @ts-expect-error a sum needs a field of the record
byShop.sum('price')

// Keys.
holds<Equal<typeof byShop, KeyedStream<Order, number>>>()
holds<Equal<typeof byBoth, KeyedStream<Order, string>>>()
holds<Equal<typeof byRow, KeyedStream<Order, { shop: number }>>>()
holds<Equal<typeof ended, DataStreamSink>>()

const late = outputTag<Order>('late')
const notes = outputTag<string>('notes')

const processed = byShop.process<string>({
  processElement(order, ctx, out) {
    const key: number = ctx.currentKey
    // @ts-expect-error the key is a number
    const wrong: string = ctx.currentKey
    out.collect(`${key} ${wrong} ${order.id}`)
    // @ts-expect-error the output is declared as text
    out.collect(order)
    ctx.output(notes, 'text')
    // @ts-expect-error the tag is one of text
    ctx.output(notes, order.cents)
    ctx.timerService.registerEventTimeTimer(ctx.timestamp() + 1)
    // @ts-expect-error a timer has a time, not a date
    ctx.timerService.registerEventTimeTimer(new Date())
  },
  onTimer(timestampMs, ctx, out) {
    const key: number = ctx.currentKey
    const domain: 'event-time' | 'processing-time' = ctx.timeDomain
    out.collect(`${timestampMs.toFixed()} ${key} ${domain}`)
  },
})

declare const forTextKeys: KeyedProcessFunction<string, Order, string>
byBoth.process(forTextKeys)
// @ts-expect-error the function is one for keys of text
byShop.process(forTextKeys)

declare const unkeyed: ProcessFunction<Order, string>
orders.process(unkeyed)
byShop.process(unkeyed)
// @ts-expect-error a function that wants keys needs keyBy before it
orders.process(forTextKeys)
orders.process<string>({
  processElement(order, ctx, out) {
    // @ts-expect-error without keyBy there is no key
    out.collect(`${ctx.currentKey} ${order.id}`)
  },
})

// Process functions and side outputs.
holds<Equal<typeof processed, DataStream<string>>>()
holds<Equal<typeof lateOrders, DataStream<Order>>>()
const lateOrders = processed.getSideOutput(late)
// @ts-expect-error what comes out of a side output is of the type of its tag
lateOrders.map((order) => order.length)

const mean: AggregateFunction<Order, { sum: number; count: number }, number> = {
  createAccumulator: () => ({ sum: 0, count: 0 }),
  add: (order, acc) => ({ sum: acc.sum + order.cents, count: acc.count + 1 }),
  getResult: ({ sum, count }) => sum / count,
  merge: (left, right) => ({ sum: left.sum + right.sum, count: left.count + right.count }),
}
const windowed = byShop.window(tumblingEventTimeWindows(10)).sideOutputLateData(late)
const means = windowed.aggregate(mean)
const described = windowed.process<string>((key, { window }, orders, out) => {
  const shop: number = key
  const bounds: TimeWindow = window
  for (const order of orders) out.collect(`${shop} ${bounds.startMs} ${order.id}`)
  // @ts-expect-error the key is a number
  key.toUpperCase()
  // @ts-expect-error an order has no field `price`
  for (const order of orders) out.collect(order.price)
})
const combined = windowed.aggregate(mean, (key, _context, results, out: Collector<string>) => {
  for (const result of results) out.collect(`${key.toFixed()} ${result.toFixed()}`)
  // @ts-expect-error the function gets results of the aggregate, not orders
  for (const result of results) out.collect(result.id)
})
// @ts-expect-error late records are of the type of the stream
byShop.window(tumblingEventTimeWindows(10)).sideOutputLateData(notes)
// @ts-expect-error a reduce keeps the type
windowed.reduce((left, right) => left.cents + right.cents)
// @ts-expect-error windows need a keyed stream
orders.window(tumblingEventTimeWindows(10))

// Windows.
holds<Equal<typeof means, DataStream<number>>>()
holds<Equal<typeof described, DataStream<string>>>()
holds<Equal<typeof combined, DataStream<string>>>()

const connected = byShop.connect(cents.keyBy((n) => n)).flatMap<string>({
  flatMap1: (order, out) => out.collect(order.id),
  flatMap2: (n, out) => out.collect(n.toFixed()),
})
const paired = orders.connect(lines).map({
  map1: (order: Order) => order.id,
  map2: (line: string) => line,
})
orders.connect(lines).map({
  map1: (order: Order) => order.id,
  // @ts-expect-error the second stream is of text
  map2: (n: number) => `${n}`,
})

// Connected streams and state.
holds<Equal<typeof connected, DataStream<string>>>()
holds<Equal<typeof paired, DataStream<string>>>()
function readState(context: RuntimeContext): number | undefined {
  const state = context.getState(valueState('n', { type: types.int }))
  // @ts-expect-error the state is one of numbers
  state.update('text')
  return state.value()
}
void readState
