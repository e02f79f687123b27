import type { AggregateFunction } from '../../state/state-descriptor.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'
import type { Window } from './window.ts'
import type { WindowComputation } from './window-function.ts'

/** The state table of the operators that keep contents by window. */
export const CONTENTS_TABLE = 'millrace-window-contents'

/** The timers of the operators that have some: their namespaces are the windows. */
export const WINDOW_TIMERS = 'window-timers'

/**
 * How a computation keeps the records of a window of a key: as one record, an accumulator or a
 * list. All functions may change the value so far in place: the state table takes care of
 * snapshots.
 */
export interface WindowContents<IN, V> {
  readonly type: TypeInformation<V> | undefined
  /** Adds a record to the value so far. */
  readonly fold: (value: V | undefined, input: IN) => V
  /** Adds the contents of a window that was merged into this one. */
  readonly merge: (value: V | undefined, other: V) => V
  /** What `merge` may change in place: who needs that afterwards has to copy it before. */
  readonly mergeChanges: 'nothing' | 'value' | 'both'
  /**
   * What the window has computed, as the process function sees it.
   * @param stays false if the value is dropped right after, and so may be handed out as it is
   */
  readonly elements: (value: V, stays: boolean) => readonly unknown[]
}

/** The contents of a computation. `elementType` is the type of the records, for the state. */
export function windowContents<IN, ACC, OUT, K, W extends Window>(
  computation: WindowComputation<IN, ACC, OUT, K, W>,
  elementType: TypeInformation<IN> | undefined,
): WindowContents<IN, unknown> {
  switch (computation.kind) {
    case 'reduce': {
      const fn = computation.reduce
      const reduce: (left: IN, right: IN) => IN =
        typeof fn === 'function' ? fn : (left, right) => fn.reduce(left, right)
      return reducedContents(reduce, elementType) as WindowContents<IN, unknown>
    }
    case 'aggregate':
      return aggregatedContents(computation.aggregate) as WindowContents<IN, unknown>
    case 'process':
      return listContents(elementType) as WindowContents<IN, unknown>
  }
}

function reducedContents<IN>(
  reduce: (left: IN, right: IN) => IN,
  type: TypeInformation<IN> | undefined,
): WindowContents<IN, IN> {
  const fold = (value: IN | undefined, input: IN): IN =>
    value === undefined ? input : reduce(value, input)
  return { type, fold, merge: fold, mergeChanges: 'nothing', elements: (value) => [value] }
}

function aggregatedContents<IN, ACC>(
  aggregate: AggregateFunction<IN, ACC, unknown>,
): WindowContents<IN, ACC> {
  return {
    type: aggregate.accumulatorType,
    fold: (value, input) =>
      aggregate.add(input, value === undefined ? aggregate.createAccumulator() : value),
    merge: (value, other) => (value === undefined ? other : aggregate.merge(value, other)),
    mergeChanges: 'keepsMerged' in aggregate && aggregate.keepsMerged === true ? 'value' : 'both',
    elements: (value) => [aggregate.getResult(value)],
  }
}

function listContents<IN>(elementType: TypeInformation<IN> | undefined): WindowContents<IN, IN[]> {
  return {
    type: elementType && types.array(elementType),
    fold: (value, input) => {
      if (value === undefined) return [input]
      value.push(input)
      return value
    },
    merge: (value, other) => {
      if (value === undefined) return other
      for (const element of other) value.push(element)
      return value
    },
    mergeChanges: 'value',
    // A copy while the window lives on: whoever emitted the list would see it grow.
    elements: (value, stays) => (stays ? value.slice() : value),
  }
}
