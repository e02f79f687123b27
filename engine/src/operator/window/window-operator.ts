/**
 * `window/` owns windows: assigners, triggers, evictors, what a window computes, and the operators
 * that run them: one for windows of any kind, and faster ones for plain windows of time. It
 * knows nothing of how a program asks for windows.
 */
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { AlignedWindowOperator } from './aligned-window-operator.ts'
import { ClockWindowOperator } from './clock-window-operator.ts'
import { GeneralWindowOperator } from './general-window-operator.ts'
import { PaneWindowOperator } from './pane-window-operator.ts'
import { SessionWindowOperator } from './session-window-operator.ts'
import type { TimeWindow } from './time-window.ts'
import { eventTimeTrigger } from './triggers/event-time-trigger.ts'
import { processingTimeTrigger } from './triggers/processing-time-trigger.ts'
import type { Window } from './window.ts'
import {
  planWindow,
  type WindowOperatorOptions,
  type WindowPlan,
} from './window-operator-options.ts'

/**
 * Makes the operator of a keyed window. Event-time windows with their default trigger take a fast
 * path without timers: one bucket per tumbling window, one pane for all windows that overlap, one
 * list of sessions per key. Tumbling and sliding windows of the clock take one with a bucket and a
 * timer per window. All paths give the same results.
 *
 * @throws INVALID_ARGUMENT if the options do not fit together
 */
export function windowOperator<IN, ACC, OUT, K, W extends Window>(
  options: WindowOperatorOptions<IN, ACC, OUT, K, W>,
): OperatorFactory<OneInputOperator<IN>> {
  const planOfSubtask = planWindow(options)
  const { assigner, computation, path } = options
  if (path === 'general' || !isPlain(options)) {
    return () => new GeneralWindowOperator(planOfSubtask())
  }
  // Aligned windows, panes and sessions are time windows: that is what these fields say.
  const timePlan = planOfSubtask as unknown as () => WindowPlan<IN, OUT, K, TimeWindow>
  const { aligned, panes, session, mergeWindows } = assigner
  if (session !== undefined && options.mergingWindowSet === undefined) {
    return () => new SessionWindowOperator(timePlan(), session)
  }
  if (mergeWindows === undefined && panes !== undefined && path !== 'copies') {
    // A list of records would be copied for each window that fires: no gain over a list per window.
    if (computation.kind !== 'process' || panes().isSingle) {
      const layout = () => (path === 'walk' ? { ...panes(), sliding: undefined } : panes())
      return () => new PaneWindowOperator(timePlan(), layout())
    }
  }
  if (mergeWindows === undefined && aligned !== undefined) {
    return assigner.isEventTime
      ? () => new AlignedWindowOperator(timePlan(), aligned)
      : () => new ClockWindowOperator(timePlan(), aligned)
  }
  return () => new GeneralWindowOperator(planOfSubtask())
}

/** True if windows fire once time has passed their end, and emit what was folded into them. */
function isPlain<IN, ACC, OUT, K, W extends Window>(
  options: WindowOperatorOptions<IN, ACC, OUT, K, W>,
): boolean {
  const { assigner, evictor, emitsChanges } = options
  const trigger: unknown = options.trigger ?? assigner.defaultTrigger()
  const plainTrigger = assigner.isEventTime ? eventTimeTrigger() : processingTimeTrigger()
  return trigger === plainTrigger && evictor === undefined && emitsChanges !== true
}
