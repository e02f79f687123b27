import { reducingState } from '../../../state/state-descriptor.ts'
import { types } from '../../../types/types.ts'
import type { Trigger } from '../trigger.ts'
import type { Window } from '../window.ts'
import { checkDuration } from '../window-arguments.ts'
import { deleteWindowEnd, isWindowEnd, registerWindowEnd } from './window-end.ts'

const NEXT = reducingState<number>('millrace-trigger-next-processing-time', Math.min, {
  type: types.number,
})

/**
 * Early results by the clock: fires at each multiple of `intervalMs` at which the window has records
 * that were in no result yet, and once more at the end of the window. For event-time windows too,
 * whose end comes with the watermark.
 *
 * @throws INVALID_ARGUMENT for an interval that is not above 0
 */
export function continuousProcessingTimeTrigger(intervalMs: number): Trigger<unknown, Window> {
  checkDuration('continuousProcessingTimeTrigger', 'intervalMs', intervalMs)
  return {
    canMerge: true,
    onElement(_value, _timestampMs, context) {
      if (!registerWindowEnd(context)) return 'fire'
      const next = context.getReducingState(NEXT)
      if (next.get() !== undefined) return 'continue'
      const nextMs = (Math.floor(context.currentProcessingTimeMs() / intervalMs) + 1) * intervalMs
      if (!context.isEventTime && !(nextMs < context.window.maxTimestampMs)) return 'continue'
      next.add(nextMs)
      context.registerProcessingTimeTimer(nextMs)
      return 'continue'
    },
    onEventTime: (timestampMs, context) =>
      isWindowEnd(context, true, timestampMs) ? 'fire' : 'continue',
    onProcessingTime(timestampMs, context) {
      if (isWindowEnd(context, false, timestampMs)) return 'fire'
      const next = context.getReducingState(NEXT)
      if (next.get() !== timestampMs) return 'continue'
      next.clear()
      return 'fire'
    },
    onMerge(context) {
      context.mergeState(NEXT)
      const nextMs = context.getReducingState(NEXT).get()
      if (nextMs !== undefined) context.registerProcessingTimeTimer(nextMs)
      registerWindowEnd(context)
    },
    clear(context) {
      const next = context.getReducingState(NEXT)
      const nextMs = next.get()
      if (nextMs !== undefined) context.deleteProcessingTimeTimer(nextMs)
      next.clear()
      deleteWindowEnd(context)
    },
  }
}
