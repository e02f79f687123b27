import type { TypeInformation } from '../types/type-information.ts'
import type { MapStateDescriptor } from './state-descriptor.ts'

/** How the lists of operator state are given out to the subtasks on restore. */
export type RedistributionMode =
  /** All items of all subtasks are dealt out evenly. */
  | 'split'
  /** Every subtask receives all items of all subtasks. */
  | 'union'
  /** Every subtask receives the items of one subtask: they were equal on all. */
  | 'broadcast'

/** State bound to a subtask: a list that is redistributed when the parallelism changes. */
export interface OperatorListState<T> {
  get(): readonly T[]
  add(value: T): void
  /** Replaces the whole list; what most operators do right before a snapshot. */
  update(values: readonly T[]): void
}

/**
 * Broadcast state as the side of the records sees it. Iteration is in the order in which the keys
 * were first put, on every subtask the same. Values are not to be changed in place.
 */
export interface ReadOnlyBroadcastState<K, V> {
  get(key: K): V | undefined
  has(key: K): boolean
  entries(): IterableIterator<readonly [K, V]>
  keys(): IterableIterator<K>
  values(): IterableIterator<V>
  readonly isEmpty: boolean
}

/**
 * A map that is equal on every subtask, since every subtask makes it of the same broadcast stream.
 * What is put must follow from the broadcast records alone, or the subtasks drift apart.
 */
export interface BroadcastState<K, V> extends ReadOnlyBroadcastState<K, V> {
  put(key: K, value: V): void
  remove(key: K): void
  clear(): void
}

/** Hands out operator state. Usable on every stream, keyed or not. */
export interface OperatorStateStore {
  /** A list whose items are dealt out evenly on restore. */
  getListState<T>(name: string, type?: TypeInformation<T>): OperatorListState<T>
  /** A list that every subtask receives whole on restore. */
  getUnionListState<T>(name: string, type?: TypeInformation<T>): OperatorListState<T>
  /**
   * A map that is equal on every subtask. Every subtask writes its copy into a snapshot; on restore
   * each, also one that is new, starts with the copy of the first old subtask.
   */
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V>
}
