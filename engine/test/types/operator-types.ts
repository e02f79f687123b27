/**
 * Compile-time assertions on the other operators of the DataStream API: requests, loops,
 * partitions, ready-made functions and sources (DST-27, STA-09). Compiled by the type check, never
 * run.
 */
import {
  type AggregatingState,
  type AsyncFunction,
  aggregatingState,
  asyncDataStream,
  collectionSource,
  type DataStream,
  DEAD_LETTERS,
  type DeadLetter,
  type Difference,
  fixedDelayRetry,
  hybridSource,
  type IterativeStream,
  type KeyedProcessContext,
  type KeyedStream,
  listState,
  mapState,
  type OnTimerContext,
  outputTag,
  type PartitionWindowedStream,
  type ProcessContext,
  type RuntimeContext,
  reinterpretAsKeyedStream,
  type Source,
  type StreamExecutionEnvironment,
  sequenceSource,
  type TypeInformation,
  types,
} from '../../src/index.ts'
import { type Equal, holds } from './type-assertions.ts'

interface Order {
  readonly id: string
  readonly shop: number
  readonly cents: number
}

declare const env: StreamExecutionEnvironment
declare const orders: DataStream<Order>
declare const ofOrder: TypeInformation<Order>
const byShop = orders.keyBy('shop')

// Requests: one result or an array of them.
const names = asyncDataStream.orderedWait(orders, async (order) => order.id)
holds<Equal<typeof names, DataStream<string>>>()
declare const lookUp: AsyncFunction<Order, number>
const found = asyncDataStream.unorderedWait(orders, lookUp, {
  retry: fixedDelayRetry({ maxRetries: 1, delayMs: 1, ifResult: ([n]) => n === 0 }),
  type: ofOrder,
})
holds<Equal<typeof found, DataStream<number>>>()
// @ts-expect-error the request is for orders
asyncDataStream.orderedWait(names, lookUp)
// @ts-expect-error the state holds the records that were asked for, not the answers
asyncDataStream.orderedWait(orders, lookUp, { type: types.int })

// Loops.
const loop = orders.iterate()
holds<Equal<typeof loop, IterativeStream<Order>>>()
const closed = loop.closeWith(loop.filter(({ cents }) => cents > 0))
holds<Equal<typeof closed, DataStream<Order>>>()
// @ts-expect-error what comes back is of the type of the loop
loop.closeWith(loop.map(({ cents }) => cents))

// Partitions of bounded streams.
const partitions = byShop.fullWindowPartition()
holds<Equal<typeof partitions, PartitionWindowedStream<Order>>>()
const sizes = partitions.mapPartition<number>((records, out) => {
  holds<Equal<typeof records, readonly Order[]>>()
  out.collect(records.length)
})
holds<Equal<typeof sizes, DataStream<number>>>()
const sorted = partitions.sortPartition((order) => order.cents, 'descending')
holds<Equal<typeof sorted, DataStream<Order>>>()
// @ts-expect-error there is no such order
partitions.sortPartition((order) => order.cents, 'up')

// Ready-made functions.
const distinct = byShop.deduplicate({ ttlMs: 5, keep: 'last' })
holds<Equal<typeof distinct, DataStream<Order>>>()
// @ts-expect-error a key that is remembered for ever would fill the state
byShop.deduplicate({})
const differences = byShop.difference((order) => order.cents)
holds<Equal<typeof differences, DataStream<Difference<Order, number>>>>()
// @ts-expect-error numbers are compared
byShop.difference((order) => order.id)
const inOrder = byShop.sortByEventTime({ lateTag: outputTag<Order>('late') })
holds<Equal<typeof inOrder, DataStream<Order>>>()
// @ts-expect-error late records are orders
byShop.sortByEventTime({ lateTag: outputTag<string>('late') })
const buffers = orders.bufferAndFlush({ size: 2 })
holds<Equal<typeof buffers, DataStream<Order[]>>>()
// @ts-expect-error these need a keyed stream
void [orders.deduplicate, orders.difference, orders.sortByEventTime]

// Types that a program declares.
const declared = byShop.returns(ofOrder)
holds<Equal<typeof declared, KeyedStream<Order, number>>>()
// @ts-expect-error the type is one of texts
orders.returns(types.string)
const again = reinterpretAsKeyedStream(sorted, (order) => order.id, types.string)
holds<Equal<typeof again, KeyedStream<Order, string>>>()

// Sources.
const hybrid = hybridSource<number>(sequenceSource(1, 2), collectionSource([3]))
const numbers = env.fromSource(hybrid)
holds<Equal<typeof numbers, DataStream<number>>>()
declare const texts: Source<string, unknown, unknown>
// @ts-expect-error both sources carry records of one type
hybridSource<number>(sequenceSource(1, 2), texts)

// What process functions see.
orders.process<string>({
  processElement(_order, ctx) {
    holds<Equal<typeof ctx, ProcessContext>>()
    // @ts-expect-error a stream without keys has none
    void ctx.currentKey
  },
})
byShop.process<string>({
  processElement(order, ctx) {
    holds<Equal<typeof order, Order>>()
    holds<Equal<typeof ctx, KeyedProcessContext<number>>>()
  },
  onTimer(_timestampMs, ctx, out) {
    holds<Equal<typeof ctx, OnTimerContext<number>>>()
    out.collect(ctx.timeDomain)
  },
})
const dead = names.getSideOutput(DEAD_LETTERS)
holds<Equal<typeof dead, DataStream<DeadLetter>>>()

// State is what its descriptor says.
export function open(context: RuntimeContext): void {
  const ids = context.getListState(listState<string>('ids'))
  holds<Equal<ReturnType<typeof ids.get>, readonly string[]>>()
  const byId = context.getMapState(mapState<string, number>('by-id'))
  holds<Equal<ReturnType<typeof byId.get>, number | undefined>>()
  // @ts-expect-error the keys are texts
  byId.get(1)
  const sum = context.getAggregatingState(
    aggregatingState('sum', {
      createAccumulator: () => 0,
      add: ({ cents }: Order, total: number) => total + cents,
      getResult: (total) => `${total}`,
      merge: (left, right) => left + right,
    }),
  )
  holds<Equal<typeof sum, AggregatingState<Order, string>>>()
  // @ts-expect-error a list is no map
  context.getMapState(listState<string>('ids'))
}
