import type { Collector, RichFunction } from '../function/functions.ts'

/** Turns all records of a partition into any number of records. */
export interface MapPartitionFunction<IN, OUT> extends RichFunction {
  /** `records` is in the order of arrival and valid for the call. */
  mapPartition(records: readonly IN[], out: Collector<OUT>): void
}

/** A {@link MapPartitionFunction} in either form. */
export type MapPartition<IN, OUT> =
  | MapPartitionFunction<IN, OUT>
  | MapPartitionFunction<IN, OUT>['mapPartition']

/** In which order a partition is sorted. */
export type SortOrder = 'ascending' | 'descending'
