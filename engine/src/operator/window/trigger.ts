import type { KeyedStateStore } from '../../state/keyed-state.ts'
import type {
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../state/state-descriptor.ts'
import type { Window } from './window.ts'

/**
 * What is to happen to a window: nothing, emit its result, drop its contents, or both. A purged
 * window goes on: it takes further records and may fire again.
 */
export type TriggerResult = 'continue' | 'fire' | 'purge' | 'fire-and-purge'

/**
 * Decides when a window fires. One object serves all windows of all keys, so what differs between
 * them must be in the context's state: any kind of keyed state, which is part of every snapshot, of
 * the current key and this window only, and empty for a new window.
 *
 * A window is given up by the operator, not by its trigger: at its end plus the allowed lateness.
 * `clear` is called then, and what it leaves behind stays for ever.
 *
 * For windows that merge (sessions) a trigger sets `canMerge` and says in `onMerge` what becomes of
 * its state and timers: it moves each state with `mergeState` and registers the timers that the
 * result needs. The timers and state of the merged windows are given up by `clear` right after.
 *
 * @example Fires when the amounts of a window have reached a limit, and starts anew.
 * ```ts
 * const SUM = reducingState<number>('sum', (left, right) => left + right, { type: types.number })
 *
 * const fullTruck: Trigger<{ weight: number }, Window> = {
 *   canMerge: true,
 *   onElement(parcel, _timestampMs, context) {
 *     const sum = context.getReducingState(SUM)
 *     sum.add(parcel.weight)
 *     if ((sum.get() ?? 0) < 1000) return 'continue'
 *     sum.clear()
 *     return 'fire-and-purge'
 *   },
 *   onEventTime: () => 'continue',
 *   onProcessingTime: () => 'continue',
 *   onMerge: (context) => context.mergeState(SUM),
 *   clear: (context) => context.getReducingState(SUM).clear(),
 * }
 * ```
 */
export interface Trigger<IN, W extends Window> {
  /** True if the trigger can be used with windows that merge; it then has `onMerge`. */
  readonly canMerge: boolean
  /** A record was added to the window. */
  onElement(value: IN, timestampMs: number, context: TriggerContext<W>): TriggerResult
  /** An event-time timer of the window fired. It need not be one of this trigger. */
  onEventTime(timestampMs: number, context: TriggerContext<W>): TriggerResult
  /** A processing-time timer of the window fired. It need not be one of this trigger. */
  onProcessingTime(timestampMs: number, context: TriggerContext<W>): TriggerResult
  /** Windows became one: register its timers and merge state. Theirs are cleared afterwards. */
  onMerge?(context: MergeTriggerContext<W>): void
  /** The window is given up: delete timers and clear state. */
  clear(context: TriggerContext<W>): void
}

/** What a trigger sees of its window. The state is that of the current key and this window. */
export interface TriggerContext<W extends Window> extends KeyedStateStore {
  readonly window: W
  readonly currentWatermarkMs: number
  /** True if windows follow the timestamps of records, false if they follow the clock. */
  readonly isEventTime: boolean
  currentProcessingTimeMs(): number
  registerEventTimeTimer(timestampMs: number): void
  deleteEventTimeTimer(timestampMs: number): void
  registerProcessingTimeTimer(timestampMs: number): void
  deleteProcessingTimeTimer(timestampMs: number): void
}

/** The context of {@link Trigger.onMerge}. Its window is the result of the merge. */
export interface MergeTriggerContext<W extends Window> extends TriggerContext<W> {
  /**
   * Moves this state of all merged windows into that of the result: lists one behind the other,
   * reduced values by their reduce function.
   */
  mergeState<T>(descriptor: ReducingStateDescriptor<T> | ListStateDescriptor<T>): void
  /** The same for single values; `merge` makes one of two. Windows come in the order of making. */
  mergeState<T>(descriptor: ValueStateDescriptor<T>, merge: (left: T, right: T) => T): void
  /** The same for maps; `merge` makes one value of two that have the same key. */
  mergeState<K, V>(descriptor: MapStateDescriptor<K, V>, merge: (left: V, right: V) => V): void
  /**
   * Visits the merged windows with their own state. To be called before their state is moved, by a
   * trigger that knows only from it which timers to delete.
   */
  forEachMerged(visit: (merged: TriggerContext<W>) => void): void
}
