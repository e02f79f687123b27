/**
 * `api/datastream` is what users write: typed streams that record transformations. Nothing runs
 * before `execute()`. It knows plans, not the runtime.
 */

import type { OutputTag } from '../../core/output-tag.ts'
import type {
  BroadcastProcessFunction,
  KeyedBroadcastProcessFunction,
} from '../../operator/broadcast/broadcast-process-function.ts'
import type { BufferAndFlushOptions } from '../../operator/buffering/buffer-and-flush.ts'
import type { Difference, DifferenceOptions } from '../../operator/difference/difference.ts'
import type {
  CoFlatMapFunction,
  Collector,
  CoMapFunction,
  FilterFunction,
  FlatMapFunction,
  KeySelector,
  MapFunction,
  ReduceFunction,
} from '../../operator/function/functions.ts'
import type { ProcessJoin } from '../../operator/join/process-join-function.ts'
import type { CoGroup, Join } from '../../operator/join/window-join-function.ts'
import type { DeduplicateOptions } from '../../operator/keyed/deduplicate.ts'
import type { OneInputOperator, OperatorFactory } from '../../operator/operator.ts'
import type { SortByEventTimeOptions } from '../../operator/ordering/sort-by-event-time.ts'
import type { MapPartition, SortOrder } from '../../operator/partition/map-partition-function.ts'
import type {
  CoProcessFunction,
  KeyedCoProcessFunction,
} from '../../operator/process/co-process-function.ts'
import type {
  KeyedProcessFunction,
  ProcessFunction,
} from '../../operator/process/process-function.ts'
import type { WatermarkStrategy } from '../../operator/time/watermark-strategy.ts'
import type { GlobalWindow } from '../../operator/window/global-window.ts'
import type { Trigger } from '../../operator/window/trigger.ts'
import type { Window } from '../../operator/window/window.ts'
import type { WindowAssigner } from '../../operator/window/window-assigner.ts'
import type { Emitted, WindowEmission } from '../../operator/window/window-emission.ts'
import type { ProcessWindow, WindowFunction } from '../../operator/window/window-function.ts'
import type { AggregateFunction } from '../../state/state-descriptor.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { BroadcastStream } from './broadcast-stream.ts'
import type { FieldAggregations } from './field-aggregations.ts'
import type { JoinBuilder, JoinWindowSettings } from './join-builder.ts'
import type { OperatorSettings } from './operator-settings.ts'
import type { Repartitioning } from './repartitioning.ts'
import type { StreamOutputs } from './stream-outputs.ts'
import type { WindowRefinements } from './window-refinements.ts'

/**
 * A stream of records of type `T`. Methods record what is to be done with it; nothing runs before
 * `execute()` or `executeAndCollect()`.
 *
 * Records are immutable: a function never changes a record it received or has emitted. A user
 * function that throws fails the task with USER_FUNCTION, unless `pipeline.record-error-policy`
 * says otherwise.
 *
 * In the examples of this package, `env` is what `getExecutionEnvironment()` returned.
 *
 * ```ts
 * const even = env.fromSequence(1, 6).filter((n) => n % 2 === 0)
 * await even.map((n) => n * n).executeAndCollect() // => [4, 16, 36]
 * ```
 * @see Flink documentation, "DataStream API: Operators"
 */
export interface DataStream<T>
  extends OperatorSettings,
    Repartitioning<T, DataStream<T>>,
    StreamOutputs<T> {
  /**
   * Declares the type of the records, for operators that keep records in state: `reduce`, `sum`,
   * windows. Without it they use the generic serializer, which is slower and larger.
   *
   * ```ts
   * const order = types.row({ item: types.string, n: types.int })
   * const orders = env.fromElements({ item: 'tea', n: 1 }, { item: 'tea', n: 2 }).returns(order)
   * await orders.keyBy('item').sum('n').map(({ n }) => n).executeAndCollect() // => [1, 3]
   * ```
   */
  returns(type: TypeInformation<T>): this
  /**
   * Turns each record into one record.
   *
   * ```ts
   * await env.fromElements(1, 2, 3).map((n) => n * 2).executeAndCollect() // => [2, 4, 6]
   * ```
   */
  map<R>(fn: ((value: T) => R) | MapFunction<T, R>): DataStream<R>
  /**
   * Turns each record into any number of records. Name the type of what is emitted: it cannot be
   * inferred from a callback.
   *
   * ```ts
   * const words = env.fromElements('to be', 'or').flatMap<string>((line, out) => {
   *   for (const word of line.split(' ')) out.collect(word)
   * })
   * await words.executeAndCollect() // => ['to', 'be', 'or']
   * ```
   */
  flatMap<R>(fn: ((value: T, out: Collector<R>) => void) | FlatMapFunction<T, R>): DataStream<R>
  /**
   * Keeps the records for which the function is true. A type guard narrows the type of the stream.
   *
   * ```ts
   * const mixed = env.fromElements<string | number>(1, 'a', 2)
   * const numbers = mixed.filter((value) => typeof value === 'number')
   * await numbers.map((n) => n + 1).executeAndCollect() // => [2, 3]
   * ```
   */
  filter<S extends T>(fn: (value: T) => value is S): DataStream<S>
  filter(fn: ((value: T) => boolean) | FilterFunction<T>): DataStream<T>
  /**
   * Parts the stream by key: all records of a key reach one subtask, in the order in which each
   * sender sent them. Keyed state, timers and windows need it.
   *
   * A key is a string, number, bigint, boolean or null, or plain data made of these: then the order
   * of an object's fields does not matter. `0` and `-0` are one key, all `NaN`s are one,
   * `undefined` is none.
   *
   * @param keyType how keys are written; without it the generic serializer is used
   *
   * ```ts
   * const sales = env.fromElements({ shop: 'a', n: 1 }, { shop: 'b', n: 5 }, { shop: 'a', n: 2 })
   * const totals = sales.keyBy((sale) => sale.shop, types.string).sum('n')
   * await totals.map(({ shop, n }) => `${shop}${n}`).executeAndCollect() // => ['a1', 'b5', 'a3']
   * ```
   */
  keyBy<K>(selector: KeySelector<T, K>, keyType?: TypeInformation<K>): KeyedStream<T, K>
  keyBy<F extends keyof T & string>(field: F): KeyedStream<T, T[F]>
  /**
   * Joins streams of one type into one. Order is kept per stream only.
   *
   * ```ts
   * const both = env.fromElements(1, 2).union(env.fromElements(10, 20))
   * const numbers = await both.executeAndCollect()
   * numbers.sort((a, b) => a - b) // => [1, 2, 10, 20]
   * ```
   */
  union(...others: readonly DataStream<T>[]): DataStream<T>
  /**
   * Pairs two streams of different types, to be processed by one operator that may keep state for
   * both.
   *
   * ```ts
   * const numbers = env.fromElements(1, 2)
   * const words = env.fromElements('a')
   * const texts = numbers.connect(words).map({ map1: (n) => `${n}`, map2: (word) => word })
   * const all = await texts.executeAndCollect()
   * all.sort() // => ['1', '2', 'a']
   * ```
   */
  connect<U>(other: DataStream<U>): ConnectedStreams<T, U>
  /** Pairs this stream with a broadcast one, whose records make the broadcast state. */
  connect<U>(other: BroadcastStream<U>): BroadcastConnectedStream<T, U>
  /** Groups all records into windows, in one subtask; their key is `null`. */
  windowAll<W extends Window>(assigner: WindowAssigner<T, W>): WindowedStream<T, null, W>
  /** {@link KeyedStream.countWindow} over all records, in one subtask. */
  countWindowAll(size: number, slide?: number): WindowedStream<T, null, GlobalWindow>
  /** Joins the pairs of records that share a key and a window. */
  join<U>(other: DataStream<U>): JoinBuilder<T, U, JoinedWindows<T, U>>
  /** Groups the records of both streams that share a key and a window, also of one side alone. */
  coGroup<U>(other: DataStream<U>): JoinBuilder<T, U, CoGroupedWindows<T, U>>
  /** Begins a loop; {@link IterativeStream.closeWith} says what comes back. */
  iterate(): IterativeStream<T>
  /** Takes all records of a subtask, of a bounded stream, as one partition. */
  fullWindowPartition(): PartitionWindowedStream<T>
  /** @deprecated Flink's old form. @throws INVALID_PROGRAM always: use side outputs */
  split(selector?: unknown): never
  /** @deprecated Flink's old form. @throws INVALID_PROGRAM always: use side outputs */
  select(...names: readonly string[]): never
  /**
   * Processes records with access to their timestamps and to side outputs. Timers and keyed state
   * need a keyed stream.
   *
   * ```ts
   * const times = env.fromSource(collectionSource(['a'], { timestamp: () => 7 })).process<string>({
   *   processElement(value, ctx, out) {
   *     out.collect(`${value} at ${ctx.timestamp()} ms`)
   *   },
   * })
   * await times.executeAndCollect() // => ['a at 7 ms']
   * ```
   */
  process<R>(fn: ProcessFunction<T, R>): DataStream<R>
  /**
   * The records that the operator of this stream emitted to a side output. Call it on the stream
   * that the operator returned, before anything else is applied to it.
   *
   * ```ts
   * const odd = outputTag<number>('odd')
   * const even = env.fromSequence(1, 5).process<number>({
   *   processElement(n, ctx, out) {
   *     if (n % 2 === 0) out.collect(n)
   *     else ctx.output(odd, n)
   *   },
   * })
   * await even.getSideOutput(odd).executeAndCollect() // => [1, 3, 5]
   * ```
   */
  getSideOutput<X>(tag: OutputTag<X>): DataStream<X>
  /**
   * Gives records their timestamps and the stream its watermarks, where the source gave none. Put
   * it as near to the source as possible: after a shuffle the order of records is lost.
   *
   * ```ts
   * const strategy = watermarks
   *   .monotonous<{ atMs: number }>()
   *   .withTimestampAssigner((order) => order.atMs)
   * const orders = env.fromElements({ atMs: 1_000 }, { atMs: 2_500 })
   * await orders
   *   .assignTimestampsAndWatermarks(strategy)
   *   .keyBy(() => 'all')
   *   .window(tumblingEventTimeWindows(1_000))
   *   .process<number>((_key, { window }, _orders, out) => out.collect(window.startMs))
   *   .executeAndCollect() // => [1000, 2000]
   * ```
   * @throws USER_FUNCTION when a timestamp is no finite number: correct the assigner, or choose a
   *   record error policy
   */
  assignTimestampsAndWatermarks(strategy: WatermarkStrategy<T>): DataStream<T>
  /**
   * Gathers the records of each subtask and emits them as arrays, when there are enough or the
   * first has waited long enough; the last at the end of the input. What waits is part of the
   * state.
   *
   * ```ts
   * const numbers = env.fromElements(1, 2, 3).bufferAndFlush({ size: 2 })
   * await numbers.executeAndCollect() // => [[1, 2], [3]]
   * ```
   * @throws INVALID_ARGUMENT if neither size nor interval is given, or one of them is not above 0
   */
  bufferAndFlush(options: BufferAndFlushOptions<T>): DataStream<T[]>
  /**
   * Runs an operator of one's own, for what functions cannot do. See `@millrace/engine/spi`.
   */
  transform<R>(name: string, factory: OperatorFactory<OneInputOperator<T>>): DataStream<R>
}

/**
 * A stream parted by key: the place of keyed state, timers and windows. Made by `keyBy`.
 *
 * ```ts
 * const words = env.fromElements('a', 'b', 'a').map((word) => ({ word, n: 1 }))
 * const counts = words.keyBy('word').sum('n').map(({ word, n }) => `${word}${n}`)
 * await counts.executeAndCollect() // => ['a1', 'b1', 'a2']
 * ```
 */
export interface KeyedStream<T, K> extends DataStream<T>, FieldAggregations<T, DataStream<T>> {
  /**
   * Folds each record into the value of its key and emits the new value: one record out for each
   * in.
   *
   * ```ts
   * const letters = env.fromElements('a', 'b', 'c').keyBy(() => 'all')
   * const texts = letters.reduce((text, letter) => text + letter)
   * await texts.executeAndCollect() // => ['a', 'ab', 'abc']
   * ```
   */
  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataStream<T>
  /**
   * Processes records with keyed state, timers and side outputs: the most general operator of one
   * input.
   *
   * ```ts
   * const SEEN = valueState<boolean>('seen', { type: types.boolean })
   *
   * class Distinct implements KeyedProcessFunction<string, string, string> {
   *   private seen!: ValueState<boolean>
   *
   *   open(context: RuntimeContext): void {
   *     this.seen = context.getState(SEEN)
   *   }
   *
   *   processElement(word: string, _ctx: unknown, out: Collector<string>): void {
   *     if (this.seen.value()) return
   *     this.seen.update(true)
   *     out.collect(word)
   *   }
   * }
   *
   * const words = env.fromElements('a', 'b', 'a').keyBy((word) => word)
   * await words.process(new Distinct()).executeAndCollect() // => ['a', 'b']
   * ```
   */
  process<R>(fn: KeyedProcessFunction<K, T, R>): DataStream<R>
  process<R>(fn: ProcessFunction<T, R>): DataStream<R>
  /**
   * Puts the records of each key into the order of event time: each waits in state until the
   * watermark reaches it. Records behind the watermark are counted in `numLateRecordsDropped`, and
   * go to the side output of `lateTag` if there is one.
   *
   * ```ts
   * const source = collectionSource([3, 1, 2], { timestamp: (n) => n })
   * const numbers = env.fromSource(source, watermarks.boundedOutOfOrderness<number>(10))
   * await numbers.keyBy(() => 'all').sortByEventTime().executeAndCollect() // => [1, 2, 3]
   * ```
   */
  sortByEventTime(options?: SortByEventTimeOptions<T>): DataStream<T>
  /**
   * Compares a number of each record with that of the record of the same key before it: previous
   * value, difference, and rate per second of event time. A counter that falls has begun anew.
   *
   * ```ts
   * const readings = env.fromElements(5, 9, 4).keyBy(() => 'meter').difference((n) => n)
   * await readings.map((d) => d.difference).executeAndCollect() // => [5, 4, 4]
   * ```
   */
  difference(
    selector: (record: T) => number,
    options?: DifferenceOptions,
  ): DataStream<Difference<T, K>>
  /**
   * Pairs two keyed streams; both sides share the keyed state of a key. Both must be keyed by
   * values of one type.
   */
  connect<U>(other: KeyedStream<U, K>): KeyedConnectedStreams<K, T, U>
  connect<U>(other: DataStream<U>): ConnectedStreams<T, U>
  /** Pairs the keyed stream with a broadcast one, whose records make the broadcast state. */
  connect<U>(other: BroadcastStream<U>): KeyedBroadcastConnectedStream<K, T, U>
  /** Joins pairs of a key by how far apart they are in event time; see {@link IntervalJoined}. */
  intervalJoin<U>(other: KeyedStream<U, K>): IntervalJoin<T, U>
  /** Takes all records of a key, of a bounded stream, as one partition. */
  fullWindowPartition(): PartitionWindowedStream<T>
  /**
   * Groups the records of a key into windows.
   *
   * ```ts
   * const orders = [{ atMs: 0, n: 1 }, { atMs: 900, n: 2 }, { atMs: 1_000, n: 4 }]
   * const source = collectionSource(orders, { timestamp: (order) => order.atMs })
   * await env
   *   .fromSource(source, watermarks.monotonous())
   *   .keyBy(() => 'all')
   *   .window(tumblingEventTimeWindows(seconds(1)))
   *   .sum('n')
   *   .map((order) => order.n)
   *   .executeAndCollect() // => [3, 4]
   * ```
   * @throws INVALID_PROGRAM in the running job if windows of event time get a record without
   *   timestamp: assign timestamps
   * @see Flink documentation, "Windows"
   */
  window<W extends Window>(assigner: WindowAssigner<T, W>): WindowedStream<T, K, W>
  /** A result per `size` records of a key, or every `slide` records over the last `size`. */
  countWindow(size: number, slide?: number): WindowedStream<T, K, GlobalWindow>
  /** Lets one record of each key pass per `ttlMs`, the first or the last. */
  deduplicate(options: DeduplicateOptions): DataStream<T>
}

/**
 * Two streams of different types that one operator processes. Which of the two is read first is not
 * defined. Made by `connect`.
 *
 * ```ts
 * const both = env.fromElements(1).connect(env.fromElements('a'))
 * const texts = both.flatMap<string>({
 *   flatMap1: (n, out) => out.collect(`number ${n}`),
 *   flatMap2: (word, out) => out.collect(`word ${word}`),
 * })
 * const all = await texts.executeAndCollect()
 * all.sort() // => ['number 1', 'word a']
 * ```
 */
export interface ConnectedStreams<A, B> {
  /** Turns each record of either stream into one record. */
  map<R>(fn: CoMapFunction<A, B, R>): DataStream<R>
  /** Turns each record of either stream into any number of records. */
  flatMap<R>(fn: CoFlatMapFunction<A, B, R>): DataStream<R>
  /** Processes both streams with access to timestamps and side outputs. */
  process<R>(fn: CoProcessFunction<A, B, R>): DataStream<R>
  /** Parts both streams by key, so that keyed state is shared between them. */
  keyBy<K>(
    left: KeySelector<A, K>,
    right: KeySelector<B, K>,
    keyType?: TypeInformation<K>,
  ): KeyedConnectedStreams<K, A, B>
}

/**
 * Two streams parted by the same key. Records of a key from both sides see the same state and the
 * same timers.
 *
 * ```ts
 * const NAME = valueState<string>('name', { type: types.string })
 *
 * class Enrich implements KeyedCoProcessFunction<number, [number, string], number, string> {
 *   private name!: ValueState<string>
 *
 *   open(context: RuntimeContext): void {
 *     this.name = context.getState(NAME)
 *   }
 *
 *   processElement1([, name]: [number, string]): void {
 *     this.name.update(name)
 *   }
 *
 *   processElement2(id: number, _ctx: unknown, out: Collector<string>): void {
 *     out.collect(`${id}: ${this.name.value() ?? 'not known yet'}`)
 *   }
 * }
 *
 * const names = env.fromElements<[number, string]>([1, 'Ada'], [2, 'Grace'])
 * const logins = env.fromElements(3)
 * const connected = names.connect(logins).keyBy(([id]) => id, (id) => id, types.int)
 * await connected.process(new Enrich()).executeAndCollect() // => ['3: not known yet']
 * ```
 */
export interface KeyedConnectedStreams<K, A, B> {
  /** Turns each record of either stream into one record; rich functions may keep keyed state. */
  map<R>(fn: CoMapFunction<A, B, R>): DataStream<R>
  /** Turns each record into any number of records; rich functions may keep keyed state. */
  flatMap<R>(fn: CoFlatMapFunction<A, B, R>): DataStream<R>
  /** Processes both streams with keyed state, timers and side outputs. */
  process<R>(fn: KeyedCoProcessFunction<K, A, B, R>): DataStream<R>
}

/**
 * The records of each key, grouped into windows. Made by `window`. Results carry the last timestamp
 * of their window, so windows can follow windows.
 *
 * ```ts
 * const source = collectionSource([1, 2, 10], { timestamp: (ms) => ms })
 * const windows = env
 *   .fromSource(source, watermarks.monotonous())
 *   .keyBy(() => 'all')
 *   .window(eventTimeSessionWindows(5))
 * await windows.sum().executeAndCollect() // => [3, 10]
 * ```
 */
export interface WindowedStream<T, K, W extends Window, E extends WindowEmission = 'accumulating'>
  extends WindowRefinements<T, W, WindowedStream<T, K, W, E>>,
    FieldAggregations<T, DataStream<Emitted<T, E>>> {
  /**
   * Decides when a window fires, in place of the assigner's own trigger.
   *
   * ```ts
   * const pairs = env
   *   .fromElements(1, 2, 3, 4, 5)
   *   .keyBy(() => 'all')
   *   .window(globalWindows())
   *   .trigger(purgingTrigger(countTrigger(2)))
   * await pairs.sum().executeAndCollect() // => [3, 7]
   * ```
   */
  trigger(trigger: Trigger<T, W>): WindowedStream<T, K, W, E>
  /**
   * How long after its end, in milliseconds, a window still takes late records and fires again for
   * each. State lives as much longer. Default 0.
   *
   * @throws INVALID_ARGUMENT from the computation that follows unless it is an integer of 0 or more
   */
  allowedLateness(latenessMs: number): WindowedStream<T, K, W, E>
  /**
   * What a window emits when it fires again: {@link WindowEmission}. Default `accumulating`.
   *
   * @param options `type` is that of the results, which `retracting` keeps in state to take them
   *   back. Default: the type of the records for results that are records (`reduce`, `sum`), else
   *   the generic serializer
   */
  emission<M extends WindowEmission>(
    emission: M,
    options?: { readonly type?: TypeInformation<unknown> },
  ): WindowedStream<T, K, W, M>
  /**
   * Sends records that come too late even for the allowed lateness to a side output of the result,
   * in place of dropping them. The metric `numLateRecordsDropped` counts what is dropped.
   *
   * ```ts
   * const late = outputTag<number>('late')
   * const source = collectionSource([1, 20, 2], { timestamp: (ms) => ms })
   * const sums = env
   *   .fromSource(source, watermarks.monotonous<number>().emitEvery(1))
   *   .keyBy(() => 'all')
   *   .window(tumblingEventTimeWindows(10))
   *   .sideOutputLateData(late)
   *   .sum()
   * await sums.getSideOutput(late).executeAndCollect() // => [2]
   * ```
   */
  sideOutputLateData(tag: OutputTag<T>): WindowedStream<T, K, W, E>
  /**
   * Folds the records of a window; state holds one value per key and window.
   *
   * ```ts
   * const source = collectionSource(['a', 'b', 'c'], { timestamp: (text) => text.charCodeAt(0) })
   * await env
   *   .fromSource(source, watermarks.monotonous())
   *   .keyBy(() => 'all')
   *   .window(tumblingEventTimeWindows(1_000))
   *   .reduce((left, right) => left + right)
   *   .executeAndCollect() // => ['abc']
   * ```
   */
  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataStream<Emitted<T, E>>
  /** The same, and hands the one value to `process`, which knows key and window. */
  reduce<R>(
    fn: ((left: T, right: T) => T) | ReduceFunction<T>,
    process: ProcessWindow<T, R, K, W>,
  ): DataStream<Emitted<R, E>>
  /**
   * Folds the records of a window into an accumulator; state holds one per key and window.
   *
   * ```ts
   * const mean: AggregateFunction<number, { sum: number; n: number }, number> = {
   *   createAccumulator: () => ({ sum: 0, n: 0 }),
   *   add: (value, { sum, n }) => ({ sum: sum + value, n: n + 1 }),
   *   getResult: ({ sum, n }) => sum / n,
   *   merge: (left, right) => ({ sum: left.sum + right.sum, n: left.n + right.n }),
   * }
   * await env
   *   .fromSource(collectionSource([1, 2, 6], { timestamp: (ms) => ms }), watermarks.monotonous())
   *   .keyBy(() => 'all')
   *   .window(tumblingEventTimeWindows(10))
   *   .aggregate(mean)
   *   .executeAndCollect() // => [3]
   * ```
   */
  aggregate<ACC, OUT>(aggregate: AggregateFunction<T, ACC, OUT>): DataStream<Emitted<OUT, E>>
  /** The same, and hands the result to `process`, which knows key and window. */
  aggregate<ACC, OUT, R>(
    aggregate: AggregateFunction<T, ACC, OUT>,
    process: ProcessWindow<OUT, R, K, W>,
  ): DataStream<Emitted<R, E>>
  /**
   * Hands all records of a window to `fn`; state holds every record, so prefer `reduce` or
   * `aggregate` where they will do.
   *
   * ```ts
   * await env
   *   .fromSource(collectionSource([3, 1, 2], { timestamp: () => 5 }), watermarks.monotonous())
   *   .keyBy(() => 'all')
   *   .window(tumblingEventTimeWindows(10))
   *   .process<string>((key, { window }, numbers, out) => {
   *     out.collect(`${key} ${window} ${[...numbers].sort().join()}`)
   *   })
   *   .executeAndCollect() // => ['all [0, 10) 1,2,3']
   * ```
   */
  process<R>(fn: ProcessWindow<T, R, K, W>): DataStream<Emitted<R, E>>
  /** Flink's older form of `process`: gets the window in place of the context. */
  apply<R>(fn: WindowFunction<T, R, K, W>): DataStream<Emitted<R, E>>
}

/** A stream and a broadcast stream, to be processed by one operator. */
export interface BroadcastConnectedStream<T, B> {
  process<R>(fn: BroadcastProcessFunction<T, B, R>): DataStream<R>
}

/** A keyed stream and a broadcast stream, to be processed by one operator. */
export interface KeyedBroadcastConnectedStream<K, T, B> {
  process<R>(fn: KeyedBroadcastProcessFunction<K, T, B, R>): DataStream<R>
}

/** Two keyed streams, to be joined by time. */
export interface IntervalJoin<L, R> {
  /** Right records from `lowerMs` to `upperMs` after the left one; negative is before. */
  between(lowerMs: number, upperMs: number): IntervalJoined<L, R>
}

/** Two keyed streams with the bounds of their join. Both bounds are inclusive at first. */
export interface IntervalJoined<L, R> {
  lowerBoundExclusive(): IntervalJoined<L, R>
  upperBoundExclusive(): IntervalJoined<L, R>
  /** Sends left records that the watermark has passed to a side output of the result. */
  sideOutputLeftLateData(tag: OutputTag<L>): IntervalJoined<L, R>
  sideOutputRightLateData(tag: OutputTag<R>): IntervalJoined<L, R>
  /** Declares the types of the records, which are kept in state. */
  types(left: TypeInformation<L>, right: TypeInformation<R>): IntervalJoined<L, R>
  /** Calls `fn` for each pair. */
  process<OUT>(fn: ProcessJoin<L, R, OUT>): DataStream<OUT>
}

/** The pairs of records of two streams that share a key and a window. */
export interface JoinedWindows<L, R> extends JoinWindowSettings<L, R> {
  apply<OUT>(fn: Join<L, R, OUT>): DataStream<OUT>
}

/** The records of two streams by key and window. */
export interface CoGroupedWindows<L, R> extends JoinWindowSettings<L, R> {
  apply<OUT>(fn: CoGroup<L, R, OUT>): DataStream<OUT>
}

/**
 * A stream that begins a loop: the records of the stream, and what comes back, which goes first.
 * Over bounded input the loop ends once nothing goes round. What goes round is in checkpoints.
 *
 * ```ts
 * const loop = env.fromElements(3, 1).iterate()
 * const less = loop.map((n) => n - 1)
 * loop.closeWith(less.filter((n) => n > 0))
 * await less.filter((n) => n === 0).executeAndCollect() // => [0, 0]
 * ```
 * Limits: the loop runs in one isolate. No `assignTimestampsAndWatermarks` inside it, or it never
 * ends: watermarks are what tells that nothing goes round. Once the input has ended, event time in
 * the loop is over: what comes back then is late. What operators emit as they finish is dropped.
 */
export interface IterativeStream<T> extends DataStream<T> {
  /** Closes the loop: records of `feedback` go round again. Called once. Returns `feedback`. */
  closeWith(feedback: DataStream<T>): DataStream<T>
}

/** Partitions of a bounded stream. Results come at the end of the input, without timestamps. */
export interface PartitionWindowedStream<T> {
  mapPartition<R>(fn: MapPartition<T, R>): DataStream<R>
  /** Sorts each partition by a value of the record. Equal ones keep their order. */
  sortPartition<V>(by: (value: T) => V, order?: SortOrder): DataStream<T>
  aggregate<ACC, OUT>(fn: AggregateFunction<T, ACC, OUT>): DataStream<OUT>
  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataStream<T>
}
