import { slidingPanes } from '../panes/sliding-panes.ts'
import type { TimeWindow } from '../time-window.ts'
import { eventTimeTrigger } from '../triggers/event-time-trigger.ts'
import { checkDuration, checkOffset, type WindowOffset } from '../window-arguments.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { fixedSizeCodec } from '../window-codec.ts'
import { alignedWindowsOf } from './aligned-windows-of.ts'

/**
 * Windows of `sizeMs` of which one starts every `slideMs`: each record is in size / slide windows.
 * A slide above the size leaves gaps, whose records are in none.
 *
 * @throws INVALID_ARGUMENT for durations that are not above 0 or an offset of a whole slide or more
 *
 * ```ts
 * const source = collectionSource([1, 7], { timestamp: (ms) => ms })
 * await env
 *   .fromSource(source, watermarks.monotonous())
 *   .keyBy(() => 'all')
 *   .window(slidingEventTimeWindows(10, 5))
 *   .sum()
 *   .executeAndCollect() // => [1, 8, 7]
 * ```
 */
export function slidingEventTimeWindows(
  sizeMs: number,
  slideMs: number,
  options: WindowOffset = {},
): WindowAssigner<unknown, TimeWindow> {
  const offsetMs = options.offsetMs ?? 0
  checkDuration('slidingEventTimeWindows', 'sizeMs', sizeMs)
  checkDuration('slidingEventTimeWindows', 'slideMs', slideMs)
  checkOffset('slidingEventTimeWindows', offsetMs, slideMs)
  const aligned = { sizeMs, slideMs, offsetMs }
  return {
    isEventTime: true,
    codec: fixedSizeCodec(sizeMs),
    aligned,
    ...(sizeMs > slideMs ? { panes: () => slidingPanes(aligned) } : {}),
    assignWindows: (_value, timestampMs) => alignedWindowsOf(timestampMs, aligned),
    defaultTrigger: eventTimeTrigger,
  }
}
