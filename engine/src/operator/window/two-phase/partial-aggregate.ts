import type { AggregateFunction } from '../../../state/state-descriptor.ts'
import type { TypeInformation } from '../../../types/type-information.ts'
import type { Window } from '../window.ts'
import type { ProcessWindow, WindowComputation } from '../window-function.ts'

/** What one subtask has folded of the records of a key and a stretch of time. */
export interface PartialAggregate<K, ACC> {
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

/**
 * Parts a computation in two phases; undefined if it needs the records themselves.
 * @param recordType type of the records, which are the accumulators of a `reduce`
 */
export function inTwoPhases<IN, ACC, OUT, K, W extends Window>(
  computation: WindowComputation<IN, ACC, OUT, K, W>,
  recordType: TypeInformation<IN> | undefined,
): TwoPhaseComputation<IN, OUT, K, W> | undefined {
  if (computation.kind === 'process') return undefined
  const local = (
    computation.kind === 'aggregate' ? computation.aggregate : reducing(computation, recordType)
  ) as AggregateFunction<IN, unknown, unknown>
  const { accumulatorType } = local
  const aggregate: AggregateFunction<PartialAggregate<K, unknown>, unknown, unknown> = {
    createAccumulator: () => local.createAccumulator(),
    add: ({ accumulator }, sum) => local.merge(sum, accumulator),
    merge: (left, right) => local.merge(left, right),
    getResult: (sum) => local.getResult(sum),
    ...(accumulatorType === undefined ? {} : { accumulatorType }),
  }
  const process = computation.process as ProcessWindow<never, OUT, K, W> | undefined
  const global = { kind: 'aggregate', aggregate, ...(process && { process }) } as const
  return { local, global }
}

/** A reduce as an aggregate whose accumulator is the record so far, undefined before the first. */
function reducing<IN, OUT, K, W extends Window>(
  { reduce }: Extract<WindowComputation<IN, unknown, OUT, K, W>, { kind: 'reduce' }>,
  recordType: TypeInformation<IN> | undefined,
): AggregateFunction<IN, IN | undefined, IN | undefined> {
  const call = typeof reduce === 'function' ? reduce : reduce.reduce.bind(reduce)
  const merge = (left: IN | undefined, right: IN | undefined): IN | undefined => {
    if (left === undefined) return right
    return right === undefined ? left : call(left, right)
  }
  return {
    createAccumulator: () => undefined,
    add: (value, sum) => merge(sum, value),
    merge,
    getResult: (sum) => sum,
    ...(recordType && { accumulatorType: recordType as TypeInformation<IN | undefined> }),
  }
}
