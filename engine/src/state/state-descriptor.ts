/**
 * `state/` owns what functions remember: descriptors, the backend contract and its
 * implementations, timers, snapshots and where they are stored. It knows nothing of operators or
 * tasks.
 */
import type { TypeInformation } from '../types/type-information.ts'
import type { StateTtl } from './ttl/state-ttl.ts'

interface DescriptorBase<T> {
  /** The name under which the state is registered and found again; unique within an operator. */
  readonly name: string
  /** Type of the values. Without it the generic serializer is used. */
  readonly type: TypeInformation<T> | undefined
}

/** Options shared by all descriptors. */
export interface StateOptions<T> {
  /** Type of the values. Without it the generic serializer is used, with a warning. */
  readonly type?: TypeInformation<T>
  /** How long values live; for ever without it. Made by `stateTtl`. */
  readonly ttl?: StateTtl<T>
}

/** One value per key. */
export interface ValueStateDescriptor<T> extends DescriptorBase<T> {
  readonly kind: 'value'
  readonly initialValue: T | undefined
  readonly ttl: StateTtl<T> | undefined
}

/** A list per key. */
export interface ListStateDescriptor<T> extends DescriptorBase<T> {
  readonly kind: 'list'
  readonly ttl: StateTtl<T> | undefined
}

/** A map per key; `type` is that of the map's values. */
export interface MapStateDescriptor<K, V> extends DescriptorBase<V> {
  readonly kind: 'map'
  readonly keyType: TypeInformation<K> | undefined
  readonly ttl: StateTtl<V> | undefined
}

/** One value per key, into which each added value is folded. */
export interface ReducingStateDescriptor<T> extends DescriptorBase<T> {
  readonly kind: 'reducing'
  readonly reduce: (left: T, right: T) => T
  readonly ttl: StateTtl<T> | undefined
}

/** One accumulator per key, into which each added value is folded; `type` is the accumulator's. */
export interface AggregatingStateDescriptor<IN, ACC, OUT> extends DescriptorBase<ACC> {
  readonly kind: 'aggregating'
  readonly aggregate: AggregateFunction<IN, ACC, OUT>
  readonly ttl: StateTtl<OUT> | undefined
}

/**
 * Folds records into an accumulator of constant size and makes a result of it.
 *
 * `add` may change and return the accumulator it was given; accumulators are plain data (they are
 * snapshotted). `merge` is called by windows that are put together from parts: sessions, sliding
 * and cumulative windows, and any that are folded ahead of an exchange. What it returns is what all
 * records of both would have come to. It may change and return the left one.
 */
export interface AggregateFunction<IN, ACC, OUT> {
  /** A fresh, empty accumulator. */
  createAccumulator(): ACC
  add(value: IN, accumulator: ACC): ACC
  getResult(accumulator: ACC): OUT
  merge(left: ACC, right: ACC): ACC
  /** Type of the accumulator; without it the generic serializer is used. */
  readonly accumulatorType?: TypeInformation<ACC>
}

/**
 * Describes one value per key, with an optional value to read before the first update. Handed to
 * `context.getState` in `open`.
 *
 * @param name the name under which the state is found again after a restore; unique in its operator
 *
 * ```ts
 * const COUNT = valueState('count', { type: types.int, initialValue: 0 })
 *
 * class Numbered implements KeyedProcessFunction<string, string, string> {
 *   private count!: ValueState<number>
 *
 *   open(context: RuntimeContext): void {
 *     this.count = context.getState(COUNT)
 *   }
 *
 *   processElement(word: string, _ctx: unknown, out: Collector<string>): void {
 *     const count = (this.count.value() ?? 0) + 1
 *     this.count.update(count)
 *     out.collect(`${word}${count}`)
 *   }
 * }
 *
 * const words = env.fromElements('a', 'a', 'b').keyBy((word) => word)
 * await words.process(new Numbered()).executeAndCollect() // => ['a1', 'a2', 'b1']
 * ```
 * @see Flink documentation, "Working with State"
 */
export function valueState<T>(
  name: string,
  options: StateOptions<T> & { readonly initialValue?: T } = {},
): ValueStateDescriptor<T> {
  const { type, ttl, initialValue } = options
  return { kind: 'value', name, type, ttl, initialValue }
}

/**
 * Describes a list per key, in the order of adding.
 *
 * ```ts
 * listState('orders', { type: types.string }).kind // => 'list'
 * ```
 */
export function listState<T>(name: string, options: StateOptions<T> = {}): ListStateDescriptor<T> {
  return { kind: 'list', name, type: options.type, ttl: options.ttl }
}

/**
 * Describes a map per key. Entries are stored singly, so a large map costs no more per access than
 * a small one.
 *
 * ```ts
 * mapState('seats', { keyType: types.int, type: types.string }).kind // => 'map'
 * ```
 */
export function mapState<K, V>(
  name: string,
  options: StateOptions<V> & { readonly keyType?: TypeInformation<K> } = {},
): MapStateDescriptor<K, V> {
  const { type, ttl, keyType } = options
  return { kind: 'map', name, type, ttl, keyType }
}

/**
 * Describes one value per key into which every added value is folded by `reduce`.
 *
 * ```ts
 * const highest = reducingState<number>('highest', Math.max, { type: types.number })
 * highest.reduce(2, 5) // => 5
 * ```
 */
export function reducingState<T>(
  name: string,
  reduce: (left: T, right: T) => T,
  options: StateOptions<T> = {},
): ReducingStateDescriptor<T> {
  return { kind: 'reducing', name, type: options.type, ttl: options.ttl, reduce }
}

/**
 * Describes one accumulator per key into which every added value is folded by `aggregate`.
 *
 * ```ts
 * const average = aggregatingState<number, { sum: number; n: number }, number>('average', {
 *   createAccumulator: () => ({ sum: 0, n: 0 }),
 *   add: (value, { sum, n }) => ({ sum: sum + value, n: n + 1 }),
 *   getResult: ({ sum, n }) => sum / n,
 *   merge: (left, right) => ({ sum: left.sum + right.sum, n: left.n + right.n }),
 *   accumulatorType: types.row({ sum: types.number, n: types.int }),
 * })
 * average.name // => 'average'
 * ```
 */
export function aggregatingState<IN, ACC, OUT>(
  name: string,
  aggregate: AggregateFunction<IN, ACC, OUT>,
  options: { readonly ttl?: StateTtl<OUT> } = {},
): AggregatingStateDescriptor<IN, ACC, OUT> {
  const { ttl } = options
  return { kind: 'aggregating', name, type: aggregate.accumulatorType, ttl, aggregate }
}
