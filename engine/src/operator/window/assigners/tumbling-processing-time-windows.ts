import type { TimeWindow } from '../time-window.ts'
import { processingTimeTrigger } from '../triggers/processing-time-trigger.ts'
import { checkDuration, checkOffset, type WindowOffset } from '../window-arguments.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { fixedSizeCodec } from '../window-codec.ts'
import { alignedWindowsOf } from './aligned-windows-of.ts'

/**
 * Windows of `sizeMs` by the clock of the TaskManager: a record belongs to the window in which it
 * is processed. Windows that are open when the input ends do not fire.
 *
 * ```ts
 * const windows = tumblingProcessingTimeWindows(seconds(10))
 * const now = { currentProcessingTimeMs: () => 12_345 }
 * windows.assignWindows('a record', Number.NaN, now).map(String) // => ['[10000, 20000)']
 * ```
 * @throws INVALID_ARGUMENT for a size that is not above 0 or an offset of a whole size or more
 */
export function tumblingProcessingTimeWindows(
  sizeMs: number,
  options: WindowOffset = {},
): WindowAssigner<unknown, TimeWindow> {
  const offsetMs = options.offsetMs ?? 0
  checkDuration('tumblingProcessingTimeWindows', 'sizeMs', sizeMs)
  checkOffset('tumblingProcessingTimeWindows', offsetMs, sizeMs)
  const aligned = { sizeMs, slideMs: sizeMs, offsetMs }
  return {
    isEventTime: false,
    codec: fixedSizeCodec(sizeMs),
    aligned,
    assignWindows: (_value, _timestampMs, context) =>
      alignedWindowsOf(context.currentProcessingTimeMs(), aligned),
    defaultTrigger: processingTimeTrigger,
  }
}
