import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from './state-descriptor.ts'

/**
 * State bound to the current key. All access is synchronous and concerns the key that the backend
 * was set to last. A value that was read or written must not be changed in place: call the state's
 * own methods, or the change may be missing in a snapshot.
 */
export interface ClearableState {
  /** Removes all of this state for the current key. */
  clear(): void
}

/** One value per key. */
export interface ValueState<T> extends ClearableState {
  /** The value of the current key, the descriptor's initial value, or undefined. */
  value(): T | undefined
  /** Replaces the value of the current key. */
  update(value: T): void
}

/** A list per key, in the order of adding. */
export interface ListState<T> extends ClearableState {
  /** All values; an empty list if there is none. Not to be changed. */
  get(): readonly T[]
  /** Appends a value. */
  add(value: T): void
  /** Appends values in their order. */
  addAll(values: readonly T[]): void
  /** Replaces the list; an empty one clears it. */
  update(values: readonly T[]): void
}

/** A map per key. Iteration is in the order of insertion on the heap backend only. */
export interface MapState<K, V> extends ClearableState {
  /** The value of an entry, or undefined if there is none. */
  get(key: K): V | undefined
  /** Whether there is an entry of that key. */
  has(key: K): boolean
  /** Sets an entry. */
  put(key: K, value: V): void
  /** Removes an entry; does nothing if there is none. */
  remove(key: K): void
  /** All entries of the current key. */
  entries(): IterableIterator<readonly [K, V]>
  /** The keys of all entries. */
  keys(): IterableIterator<K>
  /** The values of all entries. */
  values(): IterableIterator<V>
  /** Whether there is no entry. */
  readonly isEmpty: boolean
}

/** One value per key, the fold of all values added. */
export interface ReducingState<T> extends ClearableState {
  /** The fold so far, or undefined before the first value. */
  get(): T | undefined
  add(value: T): void
}

/** One accumulator per key; reading it gives the aggregate's result. */
export interface AggregatingState<IN, OUT> extends ClearableState {
  /** The result so far, or undefined before the first value. */
  get(): OUT | undefined
  add(value: IN): void
}

/** Hands out keyed state by descriptor. The same descriptor gives the same state. */
export interface KeyedStateStore {
  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>
  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>
  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>
  getAggregatingState<IN, ACC, OUT>(
    descriptor: AggregatingStateDescriptor<IN, ACC, OUT>,
  ): AggregatingState<IN, OUT>
}
