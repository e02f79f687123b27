import type { TimeWindow } from '../time-window.ts'
import { eventTimeTrigger } from '../triggers/event-time-trigger.ts'
import { checkDuration, checkOffset, type WindowOffset } from '../window-arguments.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { fixedSizeCodec } from '../window-codec.ts'
import { alignedWindowsOf } from './aligned-windows-of.ts'

/**
 * Windows of `sizeMs` that follow each other without gap or overlap: each record is in one.
 *
 * @throws INVALID_ARGUMENT for a size that is not above 0 or an offset of a whole size or more
 * @example
 * ```ts
 * const daysOfUtc8 = tumblingEventTimeWindows(days(1), { offsetMs: -hours(8) })
 * const source = collectionSource([1, 2, 10], { timestamp: (ms) => ms })
 * await env
 *   .fromSource(source, watermarks.monotonous())
 *   .keyBy(() => 'all')
 *   .window(daysOfUtc8)
 *   .sum()
 *   .executeAndCollect() // => [13]
 * ```
 */
export function tumblingEventTimeWindows(
  sizeMs: number,
  options: WindowOffset = {},
): WindowAssigner<unknown, TimeWindow> {
  const offsetMs = options.offsetMs ?? 0
  checkDuration('tumblingEventTimeWindows', 'sizeMs', sizeMs)
  checkOffset('tumblingEventTimeWindows', offsetMs, sizeMs)
  const aligned = { sizeMs, slideMs: sizeMs, offsetMs }
  return {
    isEventTime: true,
    codec: fixedSizeCodec(sizeMs),
    aligned,
    assignWindows: (_value, timestampMs) => alignedWindowsOf(timestampMs, aligned),
    defaultTrigger: eventTimeTrigger,
  }
}
