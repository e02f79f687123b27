import { EngineError, ErrorCode } from '../../../base/engine-error.ts'
import { cumulativePanes } from '../panes/cumulative-panes.ts'
import { TimeWindow } from '../time-window.ts'
import { eventTimeTrigger } from '../triggers/event-time-trigger.ts'
import { checkDuration, checkOffset, type WindowOffset } from '../window-arguments.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { START_END_CODEC } from '../window-codec.ts'
import { windowStartOf } from '../window-start.ts'

/**
 * Windows that grow by `stepMs` until they are `maxSizeMs` long, and then start anew: "today so
 * far, every hour". A window that is over keeps its result, the next one covers it and a step more.
 * With a maximum of a day and a step of an hour a day gives 24 growing totals, the last of them the
 * day's.
 *
 * ```ts
 * const source = collectionSource([1, 3, 5], { timestamp: (ms) => ms })
 * await env
 *   .fromSource(source, watermarks.monotonous())
 *   .keyBy(() => 'all')
 *   .window(cumulativeEventTimeWindows(6, 2))
 *   .sum()
 *   .executeAndCollect() // => [1, 4, 9]
 * ```
 * @throws INVALID_ARGUMENT for durations that are not above 0, a maximum that is no multiple of the
 *   step, or an offset of a whole maximum or more
 */
export function cumulativeEventTimeWindows(
  maxSizeMs: number,
  stepMs: number,
  options: WindowOffset = {},
): WindowAssigner<unknown, TimeWindow> {
  const offsetMs = options.offsetMs ?? 0
  checkDuration('cumulativeEventTimeWindows', 'maxSizeMs', maxSizeMs)
  checkDuration('cumulativeEventTimeWindows', 'stepMs', stepMs)
  checkOffset('cumulativeEventTimeWindows', offsetMs, maxSizeMs)
  if (maxSizeMs % stepMs !== 0) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `cumulativeEventTimeWindows: maxSizeMs ${maxSizeMs} is no multiple of stepMs ${stepMs}; the ` +
        'last window would end between two steps',
    )
  }
  const windows = { maxSizeMs, stepMs, offsetMs }
  return {
    isEventTime: true,
    codec: START_END_CODEC,
    panes: () => cumulativePanes(windows),
    assignWindows: (_value, timestampMs) => {
      const startMs = windowStartOf(timestampMs, offsetMs, maxSizeMs)
      const passed = Math.floor((timestampMs - startMs) / stepMs)
      const found: TimeWindow[] = []
      for (let sizeMs = (passed + 1) * stepMs; sizeMs <= maxSizeMs; sizeMs += stepMs) {
        found.push(new TimeWindow(startMs, startMs + sizeMs))
      }
      return found
    },
    defaultTrigger: eventTimeTrigger,
  }
}
