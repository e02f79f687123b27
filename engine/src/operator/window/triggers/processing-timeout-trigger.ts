import { reducingState } from '../../../state/state-descriptor.ts'
import { types } from '../../../types/types.ts'
import type { Trigger, TriggerContext, TriggerResult } from '../trigger.ts'
import type { Window } from '../window.ts'
import { checkDuration } from '../window-arguments.ts'
import { timerState } from './timer-state.ts'

const TIMEOUT = timerState(
  'processing-time',
  reducingState<number>('millrace-trigger-timeout', Math.max, { type: types.number }),
)

/** Options of {@link processingTimeoutTrigger}. */
export interface ProcessingTimeoutOptions {
  /** Each record starts the timeout anew; else it counts from the first one. Default false. */
  readonly restartsOnRecord?: boolean
  /** The inner trigger forgets what it has counted when the timeout fires. Default true. */
  readonly clearsInner?: boolean
}

/**
 * Fires when `inner` does, and also `timeoutMs` after the first record by the clock if it has not
 * by then. To drop the contents at either, wrap the whole in `purgingTrigger`.
 *
 * ```ts
 * const input = new ScriptedInput<number>()
 * const sums = new FakeTransactionLog<number>()
 * const job = testJob((env) => {
 *   env.enableCheckpointing(100)
 *   const numbers = env.fromSource(scriptedSource(input)).keyBy(() => 'all')
 *   const windows = numbers.window(globalWindows())
 *   const fired = windows.trigger(processingTimeoutTrigger(countTrigger(100), seconds(5)))
 *   fired.sum().sinkTo(transactionalSink(sums))
 * })
 * await job.feed(input, [record(1), record(2)])
 * await job.advance(seconds(10))
 * sums.committed // => [3]
 * job.stop()
 * ```
 * @throws INVALID_ARGUMENT for a timeout that is not above 0
 */
export function processingTimeoutTrigger<IN, W extends Window>(
  inner: Trigger<IN, W>,
  timeoutMs: number,
  options: ProcessingTimeoutOptions = {},
): Trigger<IN, W> {
  checkDuration('processingTimeoutTrigger', 'timeoutMs', timeoutMs)
  const { restartsOnRecord = false, clearsInner = true } = options
  /** What the inner trigger says goes; a firing ends the wait. */
  const pass = (result: TriggerResult, context: TriggerContext<W>): TriggerResult => {
    if (result !== 'continue') TIMEOUT.delete(context)
    return result
  }
  return {
    canMerge: inner.canMerge,
    onElement(value, timestampMs, context) {
      const result = pass(inner.onElement(value, timestampMs, context), context)
      if (result !== 'continue') return result
      if (restartsOnRecord) TIMEOUT.delete(context)
      TIMEOUT.register(context, context.currentProcessingTimeMs() + timeoutMs)
      return result
    },
    onEventTime: (timestampMs, context) => pass(inner.onEventTime(timestampMs, context), context),
    onProcessingTime(timestampMs, context) {
      if (TIMEOUT.timeOf(context) !== timestampMs) {
        return pass(inner.onProcessingTime(timestampMs, context), context)
      }
      TIMEOUT.delete(context)
      const result = inner.onProcessingTime(timestampMs, context)
      if (clearsInner) inner.clear(context)
      return result === 'purge' || result === 'fire-and-purge' ? 'fire-and-purge' : 'fire'
    },
    onMerge(context) {
      inner.onMerge?.(context)
      TIMEOUT.merge(context)
    },
    clear(context) {
      inner.clear(context)
      TIMEOUT.delete(context)
    },
  }
}
