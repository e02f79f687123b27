import { reducingState } from '../../../state/state-descriptor.ts'
import { types } from '../../../types/types.ts'
import type { Trigger } from '../trigger.ts'
import type { Window } from '../window.ts'
import { checkDuration } from '../window-arguments.ts'
import { timerState } from './timer-state.ts'
import { deleteWindowEnd, isWindowEnd, registerWindowEnd } from './window-end.ts'

const NEXT = timerState(
  'processing-time',
  reducingState<number>('millrace-trigger-next-processing-time', Math.min, { type: types.number }),
)

/**
 * Early results by the clock: fires at each multiple of `intervalMs` at which the window has
 * records that were in no result yet, and once more at the end of the window. For event-time
 * windows too, whose end comes with the watermark.
 *
 * ```ts
 * const input = new ScriptedInput<number>()
 * const sums = new FakeTransactionLog<number>()
 * const job = testJob((env) => {
 *   env.enableCheckpointing(100)
 *   const numbers = env.fromSource(scriptedSource(input)).keyBy(() => 'all')
 *   const windows = numbers.window(globalWindows())
 *   const fired = windows.trigger(continuousProcessingTimeTrigger(seconds(5)))
 *   fired.sum().sinkTo(transactionalSink(sums))
 * })
 * await job.feed(input, [record(1), record(2)])
 * await job.advance(seconds(10))
 * sums.committed // => [3]
 * job.stop()
 * ```
 * @throws INVALID_ARGUMENT for an interval that is not above 0
 */
export function continuousProcessingTimeTrigger(intervalMs: number): Trigger<unknown, Window> {
  checkDuration('continuousProcessingTimeTrigger', 'intervalMs', intervalMs)
  return {
    canMerge: true,
    onElement(_value, _timestampMs, context) {
      if (!registerWindowEnd(context)) return 'fire'
      const nextMs = (Math.floor(context.currentProcessingTimeMs() / intervalMs) + 1) * intervalMs
      if (context.isEventTime || nextMs < context.window.maxTimestampMs) {
        NEXT.register(context, nextMs)
      }
      return 'continue'
    },
    onEventTime: (timestampMs, context) =>
      isWindowEnd(context, true, timestampMs) ? 'fire' : 'continue',
    onProcessingTime(timestampMs, context) {
      if (isWindowEnd(context, false, timestampMs)) return 'fire'
      if (NEXT.timeOf(context) !== timestampMs) return 'continue'
      NEXT.delete(context)
      return 'fire'
    },
    onMerge(context) {
      NEXT.merge(context)
      registerWindowEnd(context)
    },
    clear(context) {
      NEXT.delete(context)
      deleteWindowEnd(context)
    },
  }
}
