import type { Trigger } from '../trigger.ts'
import type { Window } from '../window.ts'

const PROCESSING_TIME_TRIGGER: Trigger<unknown, Window> = {
  canMerge: true,
  onElement(_value, _timestampMs, context) {
    context.registerProcessingTimeTimer(context.window.maxTimestampMs)
    return 'continue'
  },
  onEventTime: () => 'continue',
  onProcessingTime(timestampMs, context) {
    return timestampMs === context.window.maxTimestampMs ? 'fire' : 'continue'
  },
  onMerge: (context) => context.registerProcessingTimeTimer(context.window.maxTimestampMs),
  clear: (context) => context.deleteProcessingTimeTimer(context.window.maxTimestampMs),
}

/** Fires once the clock passes the end of the window. The default of processing-time windows. */
export function processingTimeTrigger(): Trigger<unknown, Window> {
  return PROCESSING_TIME_TRIGGER
}
