import type { AggregateFunction } from '../../state/state-descriptor.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { functionSupplier } from '../function/function-supplier.ts'
import type { Collector, ReduceFunction } from '../function/functions.ts'
import type { MapPartition, SortOrder } from './map-partition-function.ts'

/**
 * What is made of a partition: what is kept of its records until the input ends, and what then
 * becomes of it. `fold` and `merge` may change the value so far in place.
 */
export interface PartitionComputation<IN, V, OUT> {
  /** The user's function objects, to be opened and closed. */
  readonly functions: readonly unknown[]
  readonly type: TypeInformation<V> | undefined
  readonly fold: (value: V | undefined, input: IN) => V
  /** Joins two parts of one partition, after a change of the parallelism. */
  readonly merge: (value: V, other: V) => V
  readonly emit: (value: V, out: Collector<OUT>) => void
}

/** Makes the computation of each subtask, with function objects of its own. */
export type PartitionComputationFactory<IN, OUT> = () => PartitionComputation<IN, unknown, OUT>

/** Hands all records of a partition to a function. */
export function mapPartition<IN, OUT>(
  fn: MapPartition<IN, OUT>,
): PartitionComputationFactory<IN, OUT> {
  const make = functionSupplier(fn)
  return () => {
    const made = make()
    const map: (records: readonly IN[], out: Collector<OUT>) => void =
      typeof made === 'function' ? made : (records, out) => made.mapPartition(records, out)
    return listed([made], map)
  }
}

/** Emits the records of a partition in the order of a value of theirs. */
export function sortPartition<T, V>(
  by: (value: T) => V,
  order: SortOrder,
): PartitionComputationFactory<T, T> {
  const sign = order === 'ascending' ? 1 : -1
  return () =>
    listed<T, T>([by], (records, out) => {
      const keyed = records.map((record) => ({ record, by: by(record) }))
      keyed.sort((left, right) => sign * compare(left.by, right.by))
      for (const { record } of keyed) out.collect(record)
    })
}

/** Folds the records of a partition into one. */
export function reducePartition<T>(
  fn: ((left: T, right: T) => T) | ReduceFunction<T>,
): PartitionComputationFactory<T, T> {
  const make = functionSupplier(fn)
  return () => {
    const made = make()
    const reduce: (left: T, right: T) => T =
      typeof made === 'function' ? made : (left, right) => made.reduce(left, right)
    const computation: PartitionComputation<T, T, T> = {
      functions: [made],
      type: undefined,
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
      fold: (value, input) => made.add(input, value ?? made.createAccumulator()),
      merge: (value, other) => made.merge(value, other),
      emit: (value, out) => out.collect(made.getResult(value)),
    }
    return computation as PartitionComputation<IN, unknown, OUT>
  }
}

function listed<IN, OUT>(
  functions: readonly unknown[],
  emit: (records: readonly IN[], out: Collector<OUT>) => void,
): PartitionComputation<IN, unknown, OUT> {
  const computation: PartitionComputation<IN, IN[], OUT> = {
    functions,
    type: undefined,
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

function compare(left: unknown, right: unknown): number {
  if ((left as number) < (right as number)) return -1
  return (left as number) > (right as number) ? 1 : 0
}
