import { reducingState } from '../../../state/state-descriptor.ts'
import { types } from '../../../types/types.ts'
import type { Trigger, TriggerContext } from '../trigger.ts'
import type { Window } from '../window.ts'
import { checkDuration } from '../window-arguments.ts'
import { timerState } from './timer-state.ts'
import { deleteWindowEnd, isWindowEnd, registerWindowEnd } from './window-end.ts'

const NEXT = timerState(
  'event-time',
  reducingState<number>('millrace-trigger-next-event-time', Math.min, { type: types.number }),
)

/**
 * Early results: fires when the watermark passes a multiple of `intervalMs`, and once more at the
 * end of the window. The first record that is in no result yet decides which multiple: the first
 * one that is behind both the record and the watermark. An early result covers all records that
 * have come so far, also those ahead of the watermark; a quiet window does not repeat itself.
 *
 * ```ts
 * const source = collectionSource([1, 3, 7], { timestamp: (ms) => ms })
 * await env
 *   .fromSource(source, watermarks.monotonous<number>().emitEvery(1))
 *   .keyBy(() => 'all')
 *   .window(tumblingEventTimeWindows(10))
 *   .trigger(continuousEventTimeTrigger(5))
 *   .sum()
 *   .executeAndCollect() // => [11, 11]
 * ```
 * @throws INVALID_ARGUMENT for an interval that is not above 0
 */
export function continuousEventTimeTrigger(intervalMs: number): Trigger<unknown, Window> {
  checkDuration('continuousEventTimeTrigger', 'intervalMs', intervalMs)
  const awaitNext = (timestampMs: number, context: TriggerContext<Window>): void => {
    const afterMs = Math.max(timestampMs, context.currentWatermarkMs)
    const nextMs = (Math.floor(afterMs / intervalMs) + 1) * intervalMs
    if (nextMs < context.window.maxTimestampMs) NEXT.register(context, nextMs)
  }
  return {
    canMerge: true,
    onElement(_value, timestampMs, context) {
      if (!registerWindowEnd(context)) return 'fire'
      awaitNext(timestampMs, context)
      return 'continue'
    },
    onEventTime(timestampMs, context) {
      if (isWindowEnd(context, true, timestampMs)) return 'fire'
      if (NEXT.timeOf(context) !== timestampMs) return 'continue'
      NEXT.delete(context)
      return 'fire'
    },
    onProcessingTime: (timestampMs, context) =>
      isWindowEnd(context, false, timestampMs) ? 'fire' : 'continue',
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
