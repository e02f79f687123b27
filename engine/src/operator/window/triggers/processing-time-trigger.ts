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

/**
 * Fires once the clock passes the end of the window. The default of processing-time windows.
 *
 * ```ts
 * const input = new ScriptedInput<number>()
 * const sums = new FakeTransactionLog<number>()
 * const job = testJob((env) => {
 *   env.enableCheckpointing(100)
 *   const numbers = env.fromSource(scriptedSource(input)).keyBy(() => 'all')
 *   const windows = numbers.window(tumblingProcessingTimeWindows(seconds(5)))
 *   const fired = windows.trigger(processingTimeTrigger())
 *   fired.sum().sinkTo(transactionalSink(sums))
 * })
 * await job.feed(input, [record(1), record(2)])
 * await job.advance(seconds(10))
 * sums.committed // => [3]
 * job.stop()
 * ```
 */
export function processingTimeTrigger(): Trigger<unknown, Window> {
  return PROCESSING_TIME_TRIGGER
}
