import type { AggregateFunction } from '../../state/state-descriptor.ts'
import { compareValues } from '../../types/compare-values.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'
import { functionSupplier } from '../function/function-supplier.ts'
import type { Collector, ReduceFunction } from '../function/functions.ts'
import type { MapPartition, SortOrder } from './map-partition-function.ts'

/**
 * What is made of the records of a key: what is kept of them until the input ends, and what then
 * becomes of it. `fold` may change the value so far in place.
 */
export interface KeyComputation<IN, V, OUT> {
  /** The user's function objects, to be opened and closed. */
  readonly functions: readonly unknown[]
  readonly type: TypeInformation<V> | undefined
  readonly fold: (value: V | undefined, input: IN) => V
  readonly emit: (value: V, out: Collector<OUT>) => void
}

/** What is made of any partition, also of one that a change of the parallelism takes apart. */
export interface PartitionComputation<IN, V, OUT> extends KeyComputation<IN, V, OUT> {
  /** Joins two parts of one partition. May change the value so far in place. */
  readonly merge: (value: V, other: V) => V
}

/** Makes the computation over keys of each subtask, with function objects of its own. */
export type KeyComputationFactory<IN, OUT> = () => KeyComputation<IN, unknown, OUT>

/** Makes the computation of each subtask, with function objects of its own. */
export type PartitionComputationFactory<IN, OUT> = () => PartitionComputation<IN, unknown, OUT>

/** Hands all records of a partition to a function. `type` is that of the records, for the state. */
export function mapPartition<IN, OUT>(
  fn: MapPartition<IN, OUT>,
  type: TypeInformation<IN> | undefined,
): PartitionComputationFactory<IN, OUT> {
  const make = functionSupplier(fn)
  return () => {
    const made = make()
    const map: (records: readonly IN[], out: Collector<OUT>) => void =
      typeof made === 'function' ? made : (records, out) => made.mapPartition(records, out)
    return listed([made], type, map)
  }
}

/** Emits the records of a partition in the order of a value of theirs. */
export function sortPartition<T, V>(
  by: (value: T) => V,
  order: SortOrder,
  type: TypeInformation<T> | undefined,
): PartitionComputationFactory<T, T> {
  const sign = order === 'ascending' ? 1 : -1
  return () =>
    listed<T, T>([by], type, (records, out) => {
      const keyed = records.map((record) => ({ record, by: by(record) }))
      keyed.sort((left, right) => sign * compareValues(left.by, right.by))
      for (const { record } of keyed) out.collect(record)
    })
}

/** Folds the records of a partition into one. */
export function reducePartition<T>(
  fn: ((left: T, right: T) => T) | ReduceFunction<T>,
  type: TypeInformation<T> | undefined,
): PartitionComputationFactory<T, T> {
  const make = functionSupplier(fn)
  return () => {
    const made = make()
    const reduce: (left: T, right: T) => T =
      typeof made === 'function' ? made : (left, right) => made.reduce(left, right)
    const computation: PartitionComputation<T, T, T> = {
      functions: [made],
      type,
      fold: (value, input) => (value === undefined ? input : reduce(value, input)),
      merge: reduce,
      emit: (value, out) => out.collect(value),
    }
    return computation as PartitionComputation<T, unknown, T>
  }
}

/** Folds the records of a partition into an accumulator and emits its result. */
export function aggregatePartition<IN, ACC, OUT>(
  fn: AggregateFunction<IN, ACC, OUT>,
): PartitionComputationFactory<IN, OUT> {
  const make = functionSupplier(fn)
  return () => {
    const made = make()
    const computation: PartitionComputation<IN, ACC, OUT> = {
      functions: [made],
      type: made.accumulatorType,
      fold: (value, input) =>
        made.add(input, value === undefined ? made.createAccumulator() : value),
      merge: (value, other) => made.merge(value, other),
      emit: (value, out) => out.collect(made.getResult(value)),
    }
    return computation as PartitionComputation<IN, unknown, OUT>
  }
}

function listed<IN, OUT>(
  functions: readonly unknown[],
  type: TypeInformation<IN> | undefined,
  emit: (records: readonly IN[], out: Collector<OUT>) => void,
): PartitionComputation<IN, unknown, OUT> {
  const computation: PartitionComputation<IN, IN[], OUT> = {
    functions,
    type: type && types.array(type),
    fold(value, input) {
      if (value === undefined) return [input]
      value.push(input)
      return value
    },
    merge(value, other) {
      for (const record of other) value.push(record)
      return value
    },
    emit,
  }
  return computation as PartitionComputation<IN, unknown, OUT>
}
