import type { Trigger } from '../trigger.ts'
import type { Window } from '../window.ts'

const EVENT_TIME_TRIGGER: Trigger<unknown, Window> = {
  canMerge: true,
  onElement(_value, _timestampMs, context) {
    const { maxTimestampMs } = context.window
    // A late record within the allowed lateness corrects a result that is out already.
    if (maxTimestampMs <= context.currentWatermarkMs) return 'fire'
    context.registerEventTimeTimer(maxTimestampMs)
    return 'continue'
  },
  onEventTime(timestampMs, context) {
    return timestampMs === context.window.maxTimestampMs ? 'fire' : 'continue'
  },
  onProcessingTime: () => 'continue',
  onMerge(context) {
    const { maxTimestampMs } = context.window
    if (maxTimestampMs > context.currentWatermarkMs) context.registerEventTimeTimer(maxTimestampMs)
  },
  clear: (context) => context.deleteEventTimeTimer(context.window.maxTimestampMs),
}

/**
 * Fires once the watermark passes the end of the window, and again for each late record within the
 * allowed lateness. The default of event-time windows. Always the same object.
 *
 * ```ts
 * const windows = env
 *   .fromSource(collectionSource([1, 2], { timestamp: (ms) => ms }), watermarks.monotonous())
 *   .keyBy(() => 'all')
 *   .window(tumblingEventTimeWindows(10))
 * await windows.trigger(eventTimeTrigger()).sum().executeAndCollect() // => [3]
 * ```
 */
export function eventTimeTrigger(): Trigger<unknown, Window> {
  return EVENT_TIME_TRIGGER
}
