import type { ReduceFunction } from '../../operator/function/functions.ts'
import type { OneInputOperator, OperatorFactory } from '../../operator/operator.ts'
import type { MapPartition, SortOrder } from '../../operator/partition/map-partition-function.ts'
import {
  aggregatePartition,
  mapPartition,
  type PartitionComputationFactory,
  reducePartition,
  sortPartition,
} from '../../operator/partition/partition-computation.ts'
import type { AggregateFunction } from '../../state/state-descriptor.ts'
import type { DataStream, PartitionWindowedStream } from './streams.ts'

/** Records what is computed over the partitions of a stream. */
export class PartitionWindowBuilder<T> implements PartitionWindowedStream<T> {
  readonly #stream: DataStream<T>
  readonly #operator: <R>(
    make: PartitionComputationFactory<T, R>,
  ) => OperatorFactory<OneInputOperator<T>>

  /** @param operator makes the operator of the kind of partitions that the stream has */
  constructor(
    stream: DataStream<T>,
    operator: <R>(make: PartitionComputationFactory<T, R>) => OperatorFactory<OneInputOperator<T>>,
  ) {
    this.#stream = stream
    this.#operator = operator
  }

  mapPartition<R>(fn: MapPartition<T, R>): DataStream<R> {
    return this.#apply('Map Partition', mapPartition(fn))
  }

  sortPartition<V>(by: (value: T) => V, order: SortOrder = 'ascending'): DataStream<T> {
    return this.#apply('Sort Partition', sortPartition(by, order))
  }

  aggregate<ACC, OUT>(fn: AggregateFunction<T, ACC, OUT>): DataStream<OUT> {
    return this.#apply('Aggregate Partition', aggregatePartition(fn))
  }

  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataStream<T> {
    return this.#apply('Reduce Partition', reducePartition(fn))
  }

  #apply<R>(name: string, make: PartitionComputationFactory<T, R>): DataStream<R> {
    return this.#stream.transform<R>(name, this.#operator(make))
  }
}
