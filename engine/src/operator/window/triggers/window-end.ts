import { MAX_WATERMARK_MS } from '../../../core/stream-element.ts'
import type { TriggerContext } from '../trigger.ts'
import type { Window } from '../window.ts'

/**
 * Lets a timer come at the end of the window, in the window's own time. A global window ends with
 * the input, so its timer is one of event time.
 *
 * @returns false if the end has passed already: the record is late, and corrects a result
 */
export function registerWindowEnd(context: TriggerContext<Window>): boolean {
  const { maxTimestampMs } = context.window
  if (endsInEventTime(context)) {
    if (maxTimestampMs <= context.currentWatermarkMs) return false
    context.registerEventTimeTimer(maxTimestampMs)
  } else {
    context.registerProcessingTimeTimer(maxTimestampMs)
  }
  return true
}

/** Takes back what {@link registerWindowEnd} did. */
export function deleteWindowEnd(context: TriggerContext<Window>): void {
  const { maxTimestampMs } = context.window
  if (endsInEventTime(context)) context.deleteEventTimeTimer(maxTimestampMs)
  else context.deleteProcessingTimeTimer(maxTimestampMs)
}

/** True if the timer that fired is that of the end. */
export function isWindowEnd(
  context: TriggerContext<Window>,
  isEventTime: boolean,
  timestampMs: number,
): boolean {
  return endsInEventTime(context) === isEventTime && timestampMs === context.window.maxTimestampMs
}

function endsInEventTime({ isEventTime, window }: TriggerContext<Window>): boolean {
  return isEventTime || window.maxTimestampMs >= MAX_WATERMARK_MS
}
