import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { OutputTag } from '../../core/output-tag.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { functionSupplier } from '../function/function-supplier.ts'
import type { KeySelector } from '../function/functions.ts'
import { EvictingContents } from './evicting-contents.ts'
import type { Evictor } from './evictor.ts'
import type { LateHandling } from './late-records.ts'
import type { WindowMerge } from './merge-trace.ts'
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
  /** What is behind a value of the input, if those are not records but folded of them. */
  readonly foldedOf?: LateHandling<IN>['foldedOf']
  /** Keeps windows that merge. Default: {@link storedMergingWindowSet}. */
  readonly mergingWindowSet?: MergingWindowSetFactory | undefined
  /** Takes records out of windows when they fire. */
  readonly evictor?: Evictor<IN, W> | undefined
  /** Receives a line for each merge of windows, to see why a session is what it is. */
  readonly mergeTag?: OutputTag<WindowMerge> | undefined
  /** True: results are `WindowChange`s, and what a window emitted before is taken back first. */
  readonly emitsChanges?: boolean | undefined
  /**
   * Type of the results, which are in state if they may be taken back. Default: that of the records
   * for a `reduce` whose results are records, else the generic serializer.
   */
  readonly resultType?: TypeInformation<unknown> | undefined
  /**
   * `general` takes the general operator also where a fast path would do, `copies` adds records of
   * sliding windows to each window instead of to one pane, `walk` merges all panes of a window each
   * time it fires. Default `auto`.
   *
   * All give the same results for functions that do not depend on the order of records. Panes are
   * merged in order of time: of records that came out of order, the one with the earlier pane is
   * first.
   */
  readonly path?: 'auto' | 'general' | 'copies' | 'walk' | undefined
}

/** {@link WindowOperatorOptions}, checked and complete: what one subtask is made of. */
export interface WindowPlan<IN, OUT, K, W extends Window> extends LateHandling<IN> {
  readonly keySelector: KeySelector<IN, K>
  readonly assigner: WindowAssigner<IN, W>
  readonly trigger: Trigger<IN, W>
  readonly contents: WindowContents<IN, unknown>
  readonly process: ProcessWindow<never, OUT, K, W> | undefined
  /** The user's function objects, to be opened and closed. */
  readonly functions: readonly unknown[]
  readonly allowedLatenessMs: number
  readonly mergeTag: OutputTag<WindowMerge> | undefined
  readonly emitsChanges: boolean
  readonly resultType: TypeInformation<unknown> | undefined
  /** Set if an evictor chooses among the records; `contents` are then its lists. */
  readonly evicting: EvictingContents<IN, W> | undefined
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
  const { keySelector, assigner, lateTag, mergeTag, evictor, elementType } = options
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
    const computed = windowContents(computation, elementType)
    const evicting = evictor && new EvictingContents(evictor, computed, elementType)
    return {
      keySelector,
      assigner,
      trigger,
      contents: evicting === undefined ? computed : (evicting.contents as typeof computed),
      process: computation.process as ProcessWindow<never, OUT, K, W> | undefined,
      functions: functionsOf(computation),
      allowedLatenessMs,
      lateTag,
      foldedOf: options.foldedOf,
      mergeTag,
      emitsChanges: options.emitsChanges ?? false,
      resultType: options.resultType ?? (emitsRecords(computation) ? elementType : undefined),
      evicting,
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

/** Whether results are records of the input's type. */
function emitsRecords<IN, ACC, OUT, K, W extends Window>(
  computation: WindowComputation<IN, ACC, OUT, K, W>,
): boolean {
  return computation.kind === 'reduce' && computation.process === undefined
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
