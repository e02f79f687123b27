import type { PaneLayout } from './panes/pane-layout.ts'
import type { Trigger } from './trigger.ts'
import type { Window } from './window.ts'
import type { WindowCodec } from './window-codec.ts'

/** Says to which windows a record belongs. Stateless: one object serves all subtasks. */
export interface WindowAssigner<IN, W extends Window> {
  /** True if windows follow the timestamps of records, false if they follow the clock. */
  readonly isEventTime: boolean
  /** How the windows stand in the state. */
  readonly codec: WindowCodec<W>
  /** Set if all windows have one size and start at multiples of one slide: the fast path. */
  readonly aligned?: AlignedWindows
  /**
   * Set if event-time windows are made of panes: a fast path that adds a record to one pane,
   * however many windows it is in. Called once per subtask.
   */
  readonly panes?: () => PaneLayout
  /** Set if the windows are event-time sessions that merge when they touch: a fast path too. */
  readonly session?: SessionWindows<IN>
  /**
   * The windows of a record; none drops it silently.
   * @param timestampMs event time of the record; on event time it is always a number
   */
  assignWindows(value: IN, timestampMs: number, context: WindowAssignerContext): readonly W[]
  /** The trigger if the user names none. */
  defaultTrigger(): Trigger<IN, W>
  /**
   * Only for windows that merge, like sessions: calls `onMerge` once for each set of two or more
   * windows that are to become one. Without this method windows never merge.
   */
  mergeWindows?(windows: readonly W[], onMerge: (result: W, merged: readonly W[]) => void): void
}

/** Windows of `sizeMs` that start at `offsetMs` plus every multiple of `slideMs`. */
export interface AlignedWindows {
  readonly sizeMs: number
  readonly slideMs: number
  readonly offsetMs: number
}

/** Windows from the timestamp of a record up to its gap; those that touch are one. */
export interface SessionWindows<IN> {
  gapMsOf(value: IN): number
}

/** What an assigner may ask. */
export interface WindowAssignerContext {
  /** Wall time of the TaskManager, milliseconds since 1970. */
  currentProcessingTimeMs(): number
}
