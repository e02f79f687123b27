import { EngineError, ErrorCode } from '../../../base/engine-error.ts'
import { TimeWindow } from '../time-window.ts'
import { eventTimeTrigger } from '../triggers/event-time-trigger.ts'
import { processingTimeTrigger } from '../triggers/processing-time-trigger.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { START_END_CODEC } from '../window-codec.ts'
import { mergeTouchingWindows } from './merge-touching-windows.ts'

/** The gap in milliseconds that a record keeps its session open; an integer above 0. */
export type SessionGap<T> = (value: T) => number

/**
 * Sessions whose gap each record says for itself: a record opens the window of itself and
 * `gapOf(record)` behind it; windows that overlap or touch become one. A record with a short gap
 * never shortens a session that an earlier one keeps open for longer.
 *
 * A gap that is not an integer above 0 is an error of its record, for which the record error policy
 * applies.
 *
 * @example
 * ```ts
 * const gapOf = (visit: { isMobile: boolean }) => (visit.isMobile ? minutes(5) : minutes(30))
 * dynamicEventTimeSessionWindows(gapOf).isEventTime // => true
 * ```
 */
export function dynamicEventTimeSessionWindows<T>(
  gapOf: SessionGap<T>,
): WindowAssigner<T, TimeWindow> {
  const gapMsOf = checkedGap('dynamicEventTimeSessionWindows', gapOf)
  return {
    isEventTime: true,
    codec: START_END_CODEC,
    session: { gapMsOf },
    assignWindows: (value, timestampMs) => [
      new TimeWindow(timestampMs, timestampMs + gapMsOf(value)),
    ],
    defaultTrigger: eventTimeTrigger,
    mergeWindows: mergeTouchingWindows,
  }
}

/**
 * {@link dynamicEventTimeSessionWindows} by the clock of the TaskManager. Windows that are open
 * when the input ends do not fire.
 *
 * ```ts
 * const windows = dynamicProcessingTimeSessionWindows((visit: { gapMs: number }) => visit.gapMs)
 * const atThat = { currentProcessingTimeMs: () => 12_345 }
 * windows.assignWindows({ gapMs: 2_000 }, Number.NaN, atThat).map(String) // => ['[12345, 14345)']
 * ```
 */
export function dynamicProcessingTimeSessionWindows<T>(
  gapOf: SessionGap<T>,
): WindowAssigner<T, TimeWindow> {
  const gapMsOf = checkedGap('dynamicProcessingTimeSessionWindows', gapOf)
  return {
    isEventTime: false,
    codec: START_END_CODEC,
    assignWindows: (value, _timestampMs, context) => {
      const nowMs = context.currentProcessingTimeMs()
      return [new TimeWindow(nowMs, nowMs + gapMsOf(value))]
    },
    defaultTrigger: processingTimeTrigger,
    mergeWindows: mergeTouchingWindows,
  }
}

function checkedGap<T>(factory: string, gapOf: SessionGap<T>): SessionGap<T> {
  return (value) => {
    const gapMs = gapOf(value)
    if (Number.isSafeInteger(gapMs) && gapMs > 0) return gapMs
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `${factory}: the gap of a record is ${gapMs}, but must be an integer of milliseconds above 0`,
    )
  }
}
