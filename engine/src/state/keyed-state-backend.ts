import type { KeyGroupRange } from '../core/key-group.ts'
import type { TypeInformation } from '../types/type-information.ts'
import type { KeyedStateStore } from './keyed-state.ts'
import type { KeyedStateSnapshot } from './keyed-state-snapshot.ts'
import type { Namespace } from './namespace.ts'
import type { ProcessingTime } from './processing-time.ts'
import type { InternalTimerService, TimerTarget } from './timer-service.ts'

/**
 * Keeps the keyed state of one operator in one subtask. The engine calls it from the task's
 * mailbox only, so nothing here ever runs concurrently.
 *
 * A snapshot does not stop the stream: {@link KeyedStateBackend.snapshot} only draws the line, the
 * entries are serialized in slices afterwards, and a write to an entry that was not serialized yet
 * serializes its old value first.
 */
export interface KeyedStateBackend extends KeyedStateStore {
  readonly keyGroupRange: KeyGroupRange
  readonly maxParallelism: number
  /**
   * The clock of the processing-time timers. Its calls never come where timers fire when their key
   * ends, see {@link KeyedStateBackend.endKey}.
   */
  readonly processingTime: ProcessingTime
  /** The key that all state access concerns. */
  readonly currentKey: unknown
  /** Sets the key. Called before each record and each timer of a keyed operator. */
  setCurrentKey(key: unknown): void
  /** True if a state lives by event time, so that it is to be told when records happened. */
  readonly usesTimestamps: boolean
  /** The event time of the record at hand, `NaN` for none; follows `setCurrentKey`. */
  setCurrentTimestamp(timestampMs: number): void
  /** Leaves no key: state access throws INVALID_PROGRAM until the next key is set. */
  clearCurrentKey(): void
  /** The keys that hold an entry of a state outside of windows, as they are now. */
  keysOf(stateName: string): readonly unknown[]
  /** The table behind a name: state of all keys and namespaces, for window operators. */
  table<V>(name: string, type: TypeInformation<V> | undefined): StateTable<V>
  /**
   * The same states as the store hands out, but of the current key and `namespace`; window and
   * trigger state.
   */
  namespaced(namespace: Namespace): KeyedStateStore
  /** The timers of that name. The first call names who is told; restored timers are kept. */
  timerService(name: string, target: TimerTarget): InternalTimerService
  /** Fires every event-time timer up to the watermark, in order of time. */
  advanceWatermark(watermarkMs: number): void
  /**
   * Ends the only key that has state, for input that comes one key at a time: fires its event-time
   * timers as if the watermark had passed the end of time, then its processing-time timers once,
   * then removes its state. Event time begins anew for the next key. A processing-time timer that
   * is registered meanwhile is dropped.
   */
  endKey(): void
  /** How many entries (keys and namespaces of all states) and timers there are. */
  readonly size: { readonly entries: number; readonly timers: number }
  /** Draws the line of a checkpoint through the state. At most one snapshot is open at a time. */
  snapshot(checkpointId: number): KeyedStateSnapshot
  /** Gives up all state and cancels the processing-time timers. */
  dispose(): void
}

/**
 * State of one name: a value per key and namespace. The fast interface of operators of the engine;
 * user functions see {@link KeyedStateStore}.
 */
export interface StateTable<V> {
  /** The value of the backend's current key in `namespace`. */
  get(namespace: Namespace): V | undefined
  put(namespace: Namespace, value: V): void
  remove(namespace: Namespace): void
  /**
   * The part of the table that belongs to one namespace, for loops over many keys of one window.
   * The view stays valid until the namespace is removed.
   */
  namespace(namespace: Namespace): NamespaceView<V>
  /** All namespaces that hold an entry. */
  namespaces(): Iterable<Namespace>
  /** Removes all entries of a namespace, of every key. */
  removeNamespace(namespace: Namespace): void
}

/** The entries of one namespace by key. `key` is the user's key, not the backend's current one. */
export interface NamespaceView<V> {
  get(key: unknown): V | undefined
  put(key: unknown, value: V): void
  remove(key: unknown): void
  /**
   * Folds `input` into the entry of `key`: the value becomes `fold(value so far, input)`. `fold`
   * may change and return the value it gets; a snapshot sees the value from before.
   */
  fold<IN>(key: unknown, input: IN, fold: (value: V | undefined, input: IN) => V): void
  /** Calls `visit` for each entry. Entries may be removed during the walk, not added. */
  forEach(visit: (key: unknown, value: V) => void): void
  readonly size: number
}
