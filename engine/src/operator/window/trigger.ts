import type { KeyedStateStore } from '../../state/keyed-state.ts'
import type { ListStateDescriptor, ReducingStateDescriptor } from '../../state/state-descriptor.ts'
import type { Window } from './window.ts'

/**
 * What is to happen to a window: nothing, emit its result, drop its contents, or both. A purged
 * window goes on: it takes further records and may fire again.
 */
export type TriggerResult = 'continue' | 'fire' | 'purge' | 'fire-and-purge'

/**
 * Decides when a window fires. One object serves all windows of all keys, so what differs between
 * them must be in the context's state.
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
  currentProcessingTimeMs(): number
  registerEventTimeTimer(timestampMs: number): void
  deleteEventTimeTimer(timestampMs: number): void
  registerProcessingTimeTimer(timestampMs: number): void
  deleteProcessingTimeTimer(timestampMs: number): void
}

/** The context of {@link Trigger.onMerge}. Its window is the result of the merge. */
export interface MergeTriggerContext<W extends Window> extends TriggerContext<W> {
  /** Moves this state of all merged windows into that of the result. */
  mergeState<T>(descriptor: ReducingStateDescriptor<T> | ListStateDescriptor<T>): void
}
