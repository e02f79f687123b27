/**
 * `window/` owns windows: assigners, triggers, what a window computes, and the two operators that
 * run them. It knows nothing of how a program asks for windows.
 */
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { AlignedWindowOperator } from './aligned-window-operator.ts'
import { GeneralWindowOperator } from './general-window-operator.ts'
import type { TimeWindow } from './time-window.ts'
import { eventTimeTrigger } from './triggers/event-time-trigger.ts'
import type { Window } from './window.ts'
import {
  planWindow,
  type WindowOperatorOptions,
  type WindowPlan,
} from './window-operator-options.ts'

/**
 * Makes the operator of a keyed window. Tumbling and sliding event-time windows with their default
 * trigger take a fast path without timers; both paths give the same results.
 *
 * @throws INVALID_ARGUMENT if the options do not fit together
 */
export function windowOperator<IN, ACC, OUT, K, W extends Window>(
  options: WindowOperatorOptions<IN, ACC, OUT, K, W>,
): OperatorFactory<OneInputOperator<IN>> {
  const planOfSubtask = planWindow(options)
  const { aligned, isEventTime, mergeWindows } = options.assigner
  const trigger: unknown = options.trigger ?? options.assigner.defaultTrigger()
  if (
    options.path === 'general' ||
    aligned === undefined ||
    !isEventTime ||
    mergeWindows !== undefined ||
    trigger !== eventTimeTrigger()
  ) {
    return () => new GeneralWindowOperator(planOfSubtask())
  }
  // Aligned windows are time windows: that is what `aligned` says.
  const alignedPlan = planOfSubtask as unknown as () => WindowPlan<IN, OUT, K, TimeWindow>
  return () => new AlignedWindowOperator(alignedPlan(), aligned)
}
