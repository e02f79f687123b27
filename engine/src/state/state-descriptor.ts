/**
 * `state/` owns what functions remember: descriptors, the backend contract and its
 * implementations, timers, snapshots and where they are stored. It knows nothing of operators or
 * tasks.
 */
import type { TypeInformation } from '../types/type-information.ts'

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
}

/** One value per key. */
export interface ValueStateDescriptor<T> extends DescriptorBase<T> {
  readonly kind: 'value'
  readonly initialValue: T | undefined
}

/** A list per key. */
export interface ListStateDescriptor<T> extends DescriptorBase<T> {
  readonly kind: 'list'
}

/** A map per key; `type` is that of the map's values. */
export interface MapStateDescriptor<K, V> extends DescriptorBase<V> {
  readonly kind: 'map'
  readonly keyType: TypeInformation<K> | undefined
}

/** One value per key, into which each added value is folded. */
export interface ReducingStateDescriptor<T> extends DescriptorBase<T> {
  readonly kind: 'reducing'
  readonly reduce: (left: T, right: T) => T
}

/** One accumulator per key, into which each added value is folded; `type` is the accumulator's. */
export interface AggregatingStateDescriptor<IN, ACC, OUT> extends DescriptorBase<ACC> {
  readonly kind: 'aggregating'
  readonly aggregate: AggregateFunction<IN, ACC, OUT>
}

/**
 * Folds records into an accumulator of constant size and makes a result of it.
 *
 * `add` may change and return the accumulator it was given; accumulators are plain data (they are
 * snapshotted). `merge` is needed for merging (session) windows.
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

/** Describes one value per key, with an optional value to read before the first update. */
export function valueState<T>(
  name: string,
  options: StateOptions<T> & { readonly initialValue?: T } = {},
): ValueStateDescriptor<T> {
  return { kind: 'value', name, type: options.type, initialValue: options.initialValue }
}

/** Describes a list per key. */
export function listState<T>(name: string, options: StateOptions<T> = {}): ListStateDescriptor<T> {
  return { kind: 'list', name, type: options.type }
}

/** Describes a map per key. Entries are stored singly. */
export function mapState<K, V>(
  name: string,
  options: StateOptions<V> & { readonly keyType?: TypeInformation<K> } = {},
): MapStateDescriptor<K, V> {
  return { kind: 'map', name, type: options.type, keyType: options.keyType }
}

/** Describes one value per key into which every added value is folded by `reduce`. */
export function reducingState<T>(
  name: string,
  reduce: (left: T, right: T) => T,
  options: StateOptions<T> = {},
): ReducingStateDescriptor<T> {
  return { kind: 'reducing', name, type: options.type, reduce }
}

/** Describes one accumulator per key into which every added value is folded by `aggregate`. */
export function aggregatingState<IN, ACC, OUT>(
  name: string,
  aggregate: AggregateFunction<IN, ACC, OUT>,
): AggregatingStateDescriptor<IN, ACC, OUT> {
  return { kind: 'aggregating', name, type: aggregate.accumulatorType, aggregate }
}
