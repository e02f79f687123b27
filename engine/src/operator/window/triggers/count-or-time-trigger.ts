import { reducingState } from '../../../state/state-descriptor.ts'
import { types } from '../../../types/types.ts'
import type { Trigger, TriggerContext, TriggerResult } from '../trigger.ts'
import type { Window } from '../window.ts'
import { checkCount, checkDuration } from '../window-arguments.ts'
import { timerState } from './timer-state.ts'
import { deleteWindowEnd, isWindowEnd, registerWindowEnd } from './window-end.ts'

const COUNT = reducingState<number>('millrace-trigger-batch-count', (left, right) => left + right, {
  type: types.int,
})

const DEADLINE = timerState(
  'processing-time',
  reducingState<number>('millrace-trigger-batch-deadline', Math.min, { type: types.number }),
)

/**
 * Batches: fires at the `count`th record, or `timeMs` after the first one by the clock, whichever
 * comes first, and drops the contents, so that each record is in one result. The rest comes with
 * the end of the window, that of the input included: no record is left behind. Made for global
 * windows.
 *
 * @throws INVALID_ARGUMENT if `count` or `timeMs` is not an integer above 0
 * @example
 * ```ts
 * const orders = env.fromElements(1, 2, 3).keyBy(() => 'shop').window(globalWindows())
 * const batches = orders.trigger(countOrTimeTrigger(2, seconds(5))).sum()
 * await batches.executeAndCollect() // => [3, 3]
 * ```
 */
export function countOrTimeTrigger(count: number, timeMs: number): Trigger<unknown, Window> {
  checkCount('countOrTimeTrigger', count)
  checkDuration('countOrTimeTrigger', 'timeMs', timeMs)
  const isFull = (context: TriggerContext<Window>): boolean =>
    (context.getReducingState(COUNT).get() ?? 0) >= count
  return {
    canMerge: true,
    onElement(_value, _timestampMs, context) {
      context.getReducingState(COUNT).add(1)
      const isLate = !registerWindowEnd(context)
      if (isLate || isFull(context)) return fireBatch(context)
      DEADLINE.register(context, context.currentProcessingTimeMs() + timeMs)
      return 'continue'
    },
    onEventTime: (timestampMs, context) =>
      isWindowEnd(context, true, timestampMs) ? fireBatch(context) : 'continue',
    onProcessingTime(timestampMs, context) {
      const isDue = DEADLINE.timeOf(context) === timestampMs
      return isDue || isWindowEnd(context, false, timestampMs) ? fireBatch(context) : 'continue'
    },
    onMerge(context) {
      context.mergeState(COUNT)
      DEADLINE.merge(context)
      registerWindowEnd(context)
    },
    clear(context) {
      forgetBatch(context)
      deleteWindowEnd(context)
    },
  }
}

function fireBatch(context: TriggerContext<Window>): TriggerResult {
  forgetBatch(context)
  // Without a batch nothing waits for the end: a global window of a quiet key leaves no trace.
  deleteWindowEnd(context)
  return 'fire-and-purge'
}

function forgetBatch(context: TriggerContext<Window>): void {
  context.getReducingState(COUNT).clear()
  DEADLINE.delete(context)
}
