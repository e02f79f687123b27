import type { AggregateFunction } from '../../../state/state-descriptor.ts'
import type { TypeInformation } from '../../../types/type-information.ts'
import type { FunctionObject } from '../../function/function-lifecycle.ts'
import { functionSupplier, perSubtask } from '../../function/function-supplier.ts'
import type { FoldedRecords } from '../late-records.ts'
import { accumulatorCopier } from '../panes/copy-accumulator.ts'
import type { Window } from '../window.ts'
import type { ProcessWindow, WindowComputation } from '../window-function.ts'

/** What one subtask has folded of the records of a key and a stretch of time. */
export interface PartialAggregate<K, ACC> extends FoldedRecords {
  readonly key: K
  readonly accumulator: ACC
}

/** A computation in two phases: of records to partial aggregates, and of those to results. */
export interface TwoPhaseComputation<IN, OUT, K, W extends Window> {
  /** The first phase: `createAccumulator` and `add`. */
  readonly local: AggregateFunction<IN, unknown, unknown>
  /** The second phase: merges, and makes the result. */
  readonly global: WindowComputation<PartialAggregate<K, unknown>, unknown, OUT, K, W>
}

/** What {@link inTwoPhases} has to know of the windows. */
export interface TwoPhaseOfWindows<IN> {
  /** Type of the records, which are the accumulators of a `reduce`. */
  readonly recordType: TypeInformation<IN> | undefined
  /** Whether a partial aggregate may be added to several windows: merging must not change it. */
  readonly sharesPartials: boolean
}

/** Parts a computation in two phases; undefined if it needs the records themselves. */
export function inTwoPhases<IN, ACC, OUT, K, W extends Window>(
  computation: WindowComputation<IN, ACC, OUT, K, W>,
  { recordType, sharesPartials }: TwoPhaseOfWindows<IN>,
): TwoPhaseComputation<IN, OUT, K, W> | undefined {
  if (computation.kind === 'process') return undefined
  const supply =
    computation.kind === 'aggregate'
      ? functionSupplier(computation.aggregate as AggregateFunction<IN, unknown, unknown>)
      : reducing(computation, recordType)
  const process = computation.process as ProcessWindow<never, OUT, K, W> | undefined
  const isCopied = sharesPartials && computation.kind === 'aggregate' // records never change
  const aggregate = perSubtask(() => mergingPartials<IN, K>(supply(), isCopied))
  const global = { kind: 'aggregate', aggregate, ...(process && { process }) } as const
  return { local: perSubtask(supply), global }
}

/** The second phase of an aggregate: takes in what the first has folded. */
function mergingPartials<IN, K>(
  fn: AggregateFunction<IN, unknown, unknown>,
  isCopied: boolean,
): AggregateFunction<PartialAggregate<K, unknown>, unknown, unknown> {
  const { accumulatorType } = fn
  const copy = isCopied ? accumulatorCopier(accumulatorType) : undefined
  return {
    ...lifeOf(fn),
    createAccumulator: () => fn.createAccumulator(),
    add: ({ accumulator }, sum) => fn.merge(sum, copy ? copy(accumulator) : accumulator),
    merge: (left, right) => fn.merge(left, right),
    getResult: (sum) => fn.getResult(sum),
    ...(accumulatorType && { accumulatorType }),
  }
}

/** A reduce as an aggregate whose accumulator is the record so far, undefined before the first. */
function reducing<IN, OUT, K, W extends Window>(
  { reduce }: Extract<WindowComputation<IN, unknown, OUT, K, W>, { kind: 'reduce' }>,
  recordType: TypeInformation<IN> | undefined,
): () => AggregateFunction<IN, unknown, unknown> {
  const supply = functionSupplier(reduce)
  return () => {
    const fn = supply()
    const merge = (left: IN | undefined, right: IN | undefined): IN | undefined => {
      if (left === undefined) return right
      if (right === undefined) return left
      return typeof fn === 'function' ? fn(left, right) : fn.reduce(left, right)
    }
    const aggregate: AggregateFunction<IN, IN | undefined, IN | undefined> = {
      ...lifeOf(fn),
      createAccumulator: () => undefined,
      add: (value, sum) => merge(sum, value),
      merge,
      getResult: (sum) => sum,
      ...(recordType && { accumulatorType: recordType as TypeInformation<IN | undefined> }),
    }
    return aggregate as AggregateFunction<IN, unknown, unknown>
  }
}

/** The life cycle of a function object, for one that stands in its place. */
function lifeOf(fn: unknown): FunctionObject {
  if (typeof fn !== 'object' || fn === null) return {}
  const part = fn as FunctionObject
  return {
    open: (context) => part.open?.(context),
    close: () => part.close?.(),
    initializeState: (context) => part.initializeState?.(context),
    snapshotState: (checkpointId) => part.snapshotState?.(checkpointId),
    notifyCheckpointComplete: (checkpointId) => part.notifyCheckpointComplete?.(checkpointId),
    notifyCheckpointAborted: (checkpointId) => part.notifyCheckpointAborted?.(checkpointId),
  }
}
