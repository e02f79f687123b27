import { TimeWindow } from '../time-window.ts'
import { eventTimeTrigger } from '../triggers/event-time-trigger.ts'
import { checkDuration } from '../window-arguments.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { START_END_CODEC } from '../window-codec.ts'
import { mergeTouchingWindows } from './merge-touching-windows.ts'

/**
 * Windows per key that end when no record comes for `gapMs`. A record opens the window of itself
 * and the gap behind it; windows that overlap or touch become one, so two records exactly one gap
 * apart are together.
 *
 * @throws INVALID_ARGUMENT for a gap that is not above 0
 *
 * ```ts
 * const source = collectionSource([1, 2, 10], { timestamp: (ms) => ms })
 * await env
 *   .fromSource(source, watermarks.monotonous())
 *   .keyBy(() => 'all')
 *   .window(eventTimeSessionWindows(5))
 *   .sum()
 *   .executeAndCollect() // => [3, 10]
 * ```
 */
export function eventTimeSessionWindows(gapMs: number): WindowAssigner<unknown, TimeWindow> {
  checkDuration('eventTimeSessionWindows', 'gapMs', gapMs)
  return {
    isEventTime: true,
    codec: START_END_CODEC,
    session: { gapMsOf: () => gapMs },
    assignWindows: (_value, timestampMs) => [new TimeWindow(timestampMs, timestampMs + gapMs)],
    defaultTrigger: eventTimeTrigger,
    mergeWindows: mergeTouchingWindows,
  }
}
