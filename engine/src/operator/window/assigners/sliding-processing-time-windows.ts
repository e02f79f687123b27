import type { TimeWindow } from '../time-window.ts'
import { processingTimeTrigger } from '../triggers/processing-time-trigger.ts'
import { checkDuration, checkOffset, type WindowOffset } from '../window-arguments.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { fixedSizeCodec } from '../window-codec.ts'
import { alignedWindowsOf } from './aligned-windows-of.ts'

/**
 * Windows of `sizeMs` of which one starts every `slideMs`, by the clock of the TaskManager. Windows
 * that are open when the input ends do not fire.
 *
 * ```ts
 * const windows = slidingProcessingTimeWindows(seconds(10), seconds(5))
 * const now = { currentProcessingTimeMs: () => 12_345 }
 * const assigned = windows.assignWindows('a record', Number.NaN, now)
 * assigned.map(String) // => ['[10000, 20000)', '[5000, 15000)']
 * ```
 * @throws INVALID_ARGUMENT for durations that are not above 0 or an offset of a whole slide or more
 */
export function slidingProcessingTimeWindows(
  sizeMs: number,
  slideMs: number,
  options: WindowOffset = {},
): WindowAssigner<unknown, TimeWindow> {
  const offsetMs = options.offsetMs ?? 0
  checkDuration('slidingProcessingTimeWindows', 'sizeMs', sizeMs)
  checkDuration('slidingProcessingTimeWindows', 'slideMs', slideMs)
  checkOffset('slidingProcessingTimeWindows', offsetMs, slideMs)
  const aligned = { sizeMs, slideMs, offsetMs }
  return {
    isEventTime: false,
    codec: fixedSizeCodec(sizeMs),
    aligned,
    assignWindows: (_value, _timestampMs, context) =>
      alignedWindowsOf(context.currentProcessingTimeMs(), aligned),
    defaultTrigger: processingTimeTrigger,
  }
}
