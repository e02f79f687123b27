import type { ReducingStateDescriptor } from '../../../state/state-descriptor.ts'
import type { MergeTriggerContext, TriggerContext } from '../trigger.ts'
import type { Window } from '../window.ts'

/** A timer of a trigger whose time is state, so that the trigger knows it as its own. */
export interface TimerState {
  /** When the timer fires, or undefined if there is none. */
  timeOf(context: TriggerContext<Window>): number | undefined
  /** Registers the timer, if there is none. */
  register(context: TriggerContext<Window>, timestampMs: number): void
  /** Deletes the timer, if there is one. */
  delete(context: TriggerContext<Window>): void
  /** Makes one timer of those of all merged windows. */
  merge(context: MergeTriggerContext<Window>): void
}

/**
 * Makes a {@link TimerState}.
 *
 * @param descriptor its reduce function says which of two timers stays when windows merge
 */
export function timerState(
  domain: 'event-time' | 'processing-time',
  descriptor: ReducingStateDescriptor<number>,
): TimerState {
  const timeOf = (context: TriggerContext<Window>): number | undefined =>
    context.getReducingState(descriptor).get()
  const start = (context: TriggerContext<Window>, timestampMs: number): void => {
    if (domain === 'event-time') context.registerEventTimeTimer(timestampMs)
    else context.registerProcessingTimeTimer(timestampMs)
  }
  const stop = (context: TriggerContext<Window>): void => {
    const timestampMs = timeOf(context)
    if (timestampMs === undefined) return
    if (domain === 'event-time') context.deleteEventTimeTimer(timestampMs)
    else context.deleteProcessingTimeTimer(timestampMs)
  }
  return {
    timeOf,
    register(context, timestampMs) {
      if (timeOf(context) !== undefined) return
      context.getReducingState(descriptor).add(timestampMs)
      start(context, timestampMs)
    },
    delete(context) {
      stop(context)
      context.getReducingState(descriptor).clear()
    },
    merge(context) {
      context.forEachMerged(stop)
      context.mergeState(descriptor)
      const timestampMs = timeOf(context)
      if (timestampMs !== undefined) start(context, timestampMs)
    },
  }
}
