import type { AggregateFunction } from '../../../state/state-descriptor.ts'
import { plainData } from '../../../types/plain-data.ts'
import type { FunctionObject } from '../../function/function-lifecycle.ts'
import { functionSupplier } from '../../function/function-supplier.ts'
import { eventTimeTrigger } from '../triggers/event-time-trigger.ts'
import type { Window } from '../window.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import type { WindowComputation } from '../window-function.ts'

/** Accumulators that may cross to another thread. */
const PLAIN_DATA = plainData<unknown>()

/** What makes a function object more than a function: it then knows in which operator it is. */
const LIFE: readonly (keyof FunctionObject)[] = [
  'open',
  'close',
  'initializeState',
  'snapshotState',
  'notifyCheckpointComplete',
  'notifyCheckpointAborted',
]

/**
 * Whether windows may be computed in two phases although the program does not ask for it: nobody
 * may be able to tell. Asked when a plan is made, and careful rather than clever:
 *
 * - Each record has to be in one window or pane, which fires once, when the watermark is there.
 * - A function with a life of its own, or made by `perSubtask`, stays in one operator.
 * - An aggregate has to be able to merge, and its accumulators have to be plain data. Both are in
 *   its contract; the empty accumulator shows whether a program that never merged keeps to it.
 */
export function foldsUnasked<T, ACC, OUT, K, W extends Window>(
  assigner: WindowAssigner<T, W>,
  computation: WindowComputation<T, ACC, OUT, K, W>,
): boolean {
  const trigger: unknown = assigner.defaultTrigger()
  if (trigger !== eventTimeTrigger() || !isInOnePlace(assigner)) return false
  switch (computation.kind) {
    case 'process':
      return false
    case 'reduce':
      return isPlainReduce(computation.reduce)
    case 'aggregate':
      return !hasLife(computation.aggregate) && mergesPlainData(computation.aggregate)
  }
}

/** Whether a record is added to one window or pane: one added to several must not be changed. */
function isInOnePlace<T, W extends Window>(assigner: WindowAssigner<T, W>): boolean {
  const { panes, aligned, isEventTime, mergeWindows } = assigner
  if (!isEventTime || mergeWindows !== undefined) return false
  return panes !== undefined || (aligned !== undefined && aligned.sizeMs <= aligned.slideMs)
}

function hasLife(fn: unknown): boolean {
  if (typeof fn !== 'object' || fn === null) return false
  return LIFE.some((method) => typeof (fn as FunctionObject)[method] === 'function')
}

function isPlainReduce(reduce: unknown): boolean {
  if (typeof reduce === 'function') return true
  return !hasLife(reduce) && typeof (reduce as { reduce?: unknown }).reduce === 'function'
}

function mergesPlainData<T, ACC>(aggregate: AggregateFunction<T, ACC, unknown>): boolean {
  // What `perSubtask` gives is no aggregate yet.
  if (typeof aggregate.createAccumulator !== 'function') return false
  try {
    const fn = functionSupplier(aggregate)()
    const merged = fn.merge(fn.createAccumulator(), fn.createAccumulator())
    return PLAIN_DATA.accepts(fn.createAccumulator()) && PLAIN_DATA.accepts(merged)
  } catch {
    return false // what is wrong with it shows where it is used
  }
}
