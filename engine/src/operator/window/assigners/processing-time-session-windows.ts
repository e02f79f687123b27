import { TimeWindow } from '../time-window.ts'
import { processingTimeTrigger } from '../triggers/processing-time-trigger.ts'
import { checkDuration } from '../window-arguments.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { START_END_CODEC } from '../window-codec.ts'
import { mergeTouchingWindows } from './merge-touching-windows.ts'

/**
 * Windows per key that end when no record is processed for `gapMs`, by the clock of the
 * TaskManager. Windows that are open when the input ends do not fire.
 *
 * ```ts
 * const windows = processingTimeSessionWindows(seconds(2))
 * const now = { currentProcessingTimeMs: () => 12_345 }
 * windows.assignWindows('a record', Number.NaN, now).map(String) // => ['[12345, 14345)']
 * ```
 * @throws INVALID_ARGUMENT for a gap that is not above 0
 */
export function processingTimeSessionWindows(gapMs: number): WindowAssigner<unknown, TimeWindow> {
  checkDuration('processingTimeSessionWindows', 'gapMs', gapMs)
  return {
    isEventTime: false,
    codec: START_END_CODEC,
    assignWindows: (_value, _timestampMs, context) => {
      const nowMs = context.currentProcessingTimeMs()
      return [new TimeWindow(nowMs, nowMs + gapMs)]
    },
    defaultTrigger: processingTimeTrigger,
    mergeWindows: mergeTouchingWindows,
  }
}
