import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { OutputTag } from '../../core/output-tag.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { functionSupplier } from '../function/function-supplier.ts'
import type { KeySelector } from '../function/functions.ts'
import { type MergingWindowSetFactory, storedMergingWindowSet } from './merging-window-set.ts'
import type { Trigger } from './trigger.ts'
import type { Window } from './window.ts'
import type { WindowAssigner } from './window-assigner.ts'
import { type WindowContents, windowContents } from './window-contents.ts'
import type { ProcessWindow, WindowComputation } from './window-function.ts'

/** What a window operator is made of. */
export interface WindowOperatorOptions<IN, ACC, OUT, K, W extends Window> {
  readonly keySelector: KeySelector<IN, K>
  readonly assigner: WindowAssigner<IN, W>
  /** Default: the assigner's. */
  readonly trigger?: Trigger<IN, W> | undefined
  readonly computation: WindowComputation<IN, ACC, OUT, K, W>
  /**
   * Type of the records, which `reduce` and `process` keep in state. Without it the generic
   * serializer is used. An aggregate names the type of its accumulator itself.
   */
  readonly elementType?: TypeInformation<IN> | undefined
  /**
   * How long after its end an event-time window still takes late records, in milliseconds; each
   * fires the window again with the corrected result. Default 0.
   */
  readonly allowedLatenessMs?: number | undefined
  /** Receives the records that are too late for all their windows. Default: dropped and counted. */
  readonly lateTag?: OutputTag<IN> | undefined
  /** Keeps windows that merge. Default: {@link storedMergingWindowSet}. */
  readonly mergingWindowSet?: MergingWindowSetFactory | undefined
  /** `general` takes the general operator also where the fast path would do. Default `auto`. */
  readonly path?: 'auto' | 'general' | undefined
}

/** {@link WindowOperatorOptions}, checked and complete: what one subtask is made of. */
export interface WindowPlan<IN, OUT, K, W extends Window> {
  readonly keySelector: KeySelector<IN, K>
  readonly assigner: WindowAssigner<IN, W>
  readonly trigger: Trigger<IN, W>
  readonly contents: WindowContents<IN, unknown>
  readonly process: ProcessWindow<never, OUT, K, W> | undefined
  /** The user's function objects, to be opened and closed. */
  readonly functions: readonly unknown[]
  readonly allowedLatenessMs: number
  readonly lateTag: OutputTag<IN> | undefined
  readonly mergingWindowSet: MergingWindowSetFactory
}

/**
 * Checks the options, fills in what is left out, and returns what makes the plan of each subtask:
 * one with function objects of its own.
 *
 * @throws INVALID_ARGUMENT if the lateness is negative, or the trigger cannot merge but windows do
 * @throws INVALID_PROGRAM if a function object cannot be copied; see `perSubtask`
 */
export function planWindow<IN, ACC, OUT, K, W extends Window>(
  options: WindowOperatorOptions<IN, ACC, OUT, K, W>,
): () => WindowPlan<IN, OUT, K, W> {
  const { keySelector, assigner, lateTag } = options
  const allowedLatenessMs = options.allowedLatenessMs ?? 0
  if (!Number.isSafeInteger(allowedLatenessMs) || allowedLatenessMs < 0) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `allowedLatenessMs is ${allowedLatenessMs}, but must be an integer of milliseconds, 0 or more`,
    )
  }
  const trigger = options.trigger ?? assigner.defaultTrigger()
  if (assigner.mergeWindows !== undefined && !trigger.canMerge) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      'the trigger cannot be used with windows that merge, such as sessions; take another one, or ' +
        'give it canMerge and onMerge',
    )
  }
  const mergingWindowSet = options.mergingWindowSet ?? storedMergingWindowSet
  const supply = computationSupplier(options.computation)
  return () => {
    const computation = supply()
    return {
      keySelector,
      assigner,
      trigger,
      contents: windowContents(computation, options.elementType),
      process: computation.process as ProcessWindow<never, OUT, K, W> | undefined,
      functions: functionsOf(computation),
      allowedLatenessMs,
      lateTag,
      mergingWindowSet,
    }
  }
}

/** Makes the computation of each subtask, with function objects of its own. */
function computationSupplier<IN, ACC, OUT, K, W extends Window>(
  computation: WindowComputation<IN, ACC, OUT, K, W>,
): () => WindowComputation<IN, ACC, OUT, K, W> {
  switch (computation.kind) {
    case 'reduce': {
      const reduce = functionSupplier(computation.reduce)
      const process = functionSupplier(computation.process)
      return () => ({ kind: 'reduce', reduce: reduce(), ...optional(process()) })
    }
    case 'aggregate': {
      const aggregate = functionSupplier(computation.aggregate)
      const process = functionSupplier(computation.process)
      return () => ({ kind: 'aggregate', aggregate: aggregate(), ...optional(process()) })
    }
    case 'process': {
      const process = functionSupplier(computation.process)
      return () => ({ kind: 'process', process: process() })
    }
  }
}

function optional<P>(process: P | undefined): { readonly process?: P } {
  return process === undefined ? {} : { process }
}

function functionsOf<IN, ACC, OUT, K, W extends Window>(
  computation: WindowComputation<IN, ACC, OUT, K, W>,
): readonly unknown[] {
  switch (computation.kind) {
    case 'reduce':
      return [computation.reduce, computation.process]
    case 'aggregate':
      return [computation.aggregate, computation.process]
    case 'process':
      return [computation.process]
  }
}
