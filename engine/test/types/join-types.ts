/**
 * Compile-time assertions on operators of two streams: window joins, interval joins, connected and
 * broadcast streams (DST-27). Compiled by the type check, never run.
 */
import {
  type BroadcastStream,
  type Collector,
  type ConnectedStreams,
  type DataStream,
  type JoinFunction,
  type KeyedBroadcastConnectedStream,
  type KeyedBroadcastProcessFunction,
  type KeyedConnectedStreams,
  type KeyedCoProcessFunction,
  type KeyedStream,
  mapState,
  outputTag,
  type ProcessJoinContext,
  type ReadOnlyBroadcastState,
  type TypeInformation,
  tumblingEventTimeWindows,
  types,
  valueState,
} from '../../src/index.ts'
import { type Equal, holds } from './type-assertions.ts'

interface Order {
  readonly id: string
  readonly shop: number
}

interface Payment {
  readonly order: string
  readonly cents: number
}

declare const orders: DataStream<Order>
declare const payments: DataStream<Payment>
declare const ofOrder: TypeInformation<Order>
declare const ofPayment: TypeInformation<Payment>
const byId = orders.keyBy((order) => order.id)
const byOrder = payments.keyBy('order')
const byShop = orders.keyBy('shop')
const minute = tumblingEventTimeWindows(60_000)

// Window join and coGroup.
const joined = orders
  .join(payments)
  .where((order) => order.id, types.string)
  .equalTo((payment) => payment.order)
  .window(minute)
const pairs = joined.apply((order, payment) => ({ id: order.id, cents: payment.cents }))
holds<Equal<typeof pairs, DataStream<{ id: string; cents: number }>>>()
const flat = joined.apply<number>({
  flatJoin(order, payment, out) {
    holds<Equal<typeof order, Order>>()
    holds<Equal<typeof payment, Payment>>()
    out.collect(payment.cents)
    // @ts-expect-error the join is declared to emit numbers
    out.collect(order.id)
  },
})
holds<Equal<typeof flat, DataStream<number>>>()
declare const other: JoinFunction<Payment, Order, string>
// @ts-expect-error the sides of the function are the wrong way round
joined.apply(other)
// @ts-expect-error an order has no cents
joined.apply((order) => order.cents)
orders
  .join(payments)
  .where((order) => order.shop)
  // @ts-expect-error both keys are of one type
  .equalTo((payment) => payment.order)
// @ts-expect-error the key type is that of the selector
orders.join(payments).where((order) => order.id, types.int)
joined.types(ofOrder, ofPayment)
// @ts-expect-error types are given left first
joined.types(ofPayment, ofOrder)

const grouped = orders
  .coGroup(payments)
  .where((order) => order.id)
  .equalTo((payment) => payment.order)
  .window(minute)
  .apply<[number, number]>((left, right, out) => {
    holds<Equal<typeof left, readonly Order[]>>()
    holds<Equal<typeof right, readonly Payment[]>>()
    out.collect([left.length, right.length])
    // @ts-expect-error the sides hold no texts
    out.collect(left)
  })
holds<Equal<typeof grouped, DataStream<[number, number]>>>()

// Interval join.
const lateOrders = outputTag<Order>('late orders')
const latePayments = outputTag<Payment>('late payments')
const interval = byId
  .intervalJoin(byOrder)
  .between(-5, 5)
  .sideOutputLeftLateData(lateOrders)
  .sideOutputRightLateData(latePayments)
const near = interval.process((order, payment, ctx, out: Collector<string>) => {
  holds<Equal<typeof order, Order>>()
  holds<Equal<typeof payment, Payment>>()
  holds<Equal<typeof ctx, ProcessJoinContext>>()
  out.collect(`${order.id} ${ctx.rightTimestampMs - ctx.leftTimestampMs}`)
})
holds<Equal<typeof near, DataStream<string>>>()
const late = near.getSideOutput(latePayments)
holds<Equal<typeof late, DataStream<Payment>>>()
// @ts-expect-error late records of the left are orders
interval.sideOutputLeftLateData(latePayments)
// @ts-expect-error the keys of both sides are of one type
byShop.intervalJoin(byOrder)
// @ts-expect-error an interval join needs a keyed stream
orders.intervalJoin(byOrder)
// @ts-expect-error on both sides
byId.intervalJoin(payments)

// Connected streams.
const connected = byId.connect(byOrder)
holds<Equal<typeof connected, KeyedConnectedStreams<string, Order, Payment>>>()
// Keys of two types make no shared state: the streams are connected, but without keys.
const apart = byShop.connect(byOrder)
holds<Equal<typeof apart, ConnectedStreams<Order, Payment>>>()
const both = orders.connect(payments)
holds<Equal<typeof both, ConnectedStreams<Order, Payment>>>()
const keyed = both.keyBy(
  (order) => order.id,
  (payment) => payment.order,
)
holds<Equal<typeof keyed, KeyedConnectedStreams<string, Order, Payment>>>()
both.keyBy(
  (order) => order.shop,
  // @ts-expect-error both keys are of one type
  (payment) => payment.order,
)
const processed = connected.process<string>({
  processElement1(order, ctx, out) {
    holds<Equal<typeof order, Order>>()
    holds<Equal<typeof ctx.currentKey, string>>()
    out.collect(ctx.currentKey)
  },
  processElement2(payment, ctx, out) {
    holds<Equal<typeof payment, Payment>>()
    ctx.timerService.registerEventTimeTimer(payment.cents)
    // @ts-expect-error the function is declared to emit texts
    out.collect(payment.cents)
  },
  onTimer(_timestampMs, ctx) {
    holds<Equal<typeof ctx.currentKey, string>>()
  },
})
holds<Equal<typeof processed, DataStream<string>>>()
declare const forTextKeys: KeyedCoProcessFunction<string, Order, Payment, string>
connected.process(forTextKeys)
// @ts-expect-error a function that wants keys needs two streams with keys of one type
apart.process(forTextKeys)
apart.process<string>({
  processElement1(_order, ctx) {
    // @ts-expect-error without a key there is no current key
    void ctx.currentKey
  },
  processElement2() {},
})

// Broadcast streams.
const rules = mapState<string, number>('rules', { keyType: types.string, type: types.int })
const broadcast = payments.broadcast(rules)
holds<Equal<typeof broadcast, BroadcastStream<Payment>>>()
const ruled = byShop.connect(broadcast)
holds<Equal<typeof ruled, KeyedBroadcastConnectedStream<number, Order, Payment>>>()
const judged = ruled.process<string>({
  processElement(order, ctx, out) {
    holds<Equal<typeof ctx.currentKey, number>>()
    const state = ctx.getBroadcastState(rules)
    holds<Equal<typeof state, ReadOnlyBroadcastState<string, number>>>()
    // @ts-expect-error the side of the records only reads broadcast state
    state.put('limit', 1)
    out.collect(order.id)
  },
  processBroadcastElement(payment, ctx) {
    ctx.getBroadcastState(rules).put(payment.order, payment.cents)
    // @ts-expect-error the rules are numbers
    ctx.getBroadcastState(rules).put(payment.order, payment.order)
    // @ts-expect-error on the broadcast side there is no key
    void ctx.currentKey
    ctx.applyToKeyedState(valueState<boolean>('seen'), (key, state) => {
      holds<Equal<typeof key, number>>()
      holds<Equal<ReturnType<typeof state.value>, boolean | undefined>>()
    })
  },
})
holds<Equal<typeof judged, DataStream<string>>>()
orders.connect(broadcast).process<string>({
  processElement(_order, ctx) {
    // @ts-expect-error a stream without keys has no timers
    void ctx.timerService
  },
  processBroadcastElement(_payment, ctx) {
    // @ts-expect-error nor keyed state to visit
    void ctx.applyToKeyedState
  },
})
declare const keyedRules: KeyedBroadcastProcessFunction<number, Order, Payment, string>
ruled.process(keyedRules)
// @ts-expect-error a function that wants keys needs a keyed stream
orders.connect(broadcast).process(keyedRules)
// @ts-expect-error a broadcast stream is processed with another one, not by itself
broadcast.map((payment) => payment)

declare const keyedOrders: KeyedStream<Order, string>
holds<Equal<typeof byId, typeof keyedOrders>>()
