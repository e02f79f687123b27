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
import type { TypeInformation } from '../../types/type-information.ts'
import type { DataStream, PartitionWindowedStream } from './streams.ts'

/** Records what is computed over the partitions of a stream. */
export class PartitionWindowBuilder<T> implements PartitionWindowedStream<T> {
  readonly #stream: DataStream<T>
  readonly #type: TypeInformation<T> | undefined
  readonly #operator: <R>(
    make: PartitionComputationFactory<T, R>,
  ) => OperatorFactory<OneInputOperator<T>>

  /**
   * @param type of the records, which are kept in state
   * @param operator makes the operator of the kind of partitions that the stream has
   */
  constructor(
    stream: DataStream<T>,
    type: TypeInformation<unknown> | undefined,
    operator: <R>(make: PartitionComputationFactory<T, R>) => OperatorFactory<OneInputOperator<T>>,
  ) {
    this.#stream = stream
    this.#type = type as TypeInformation<T> | undefined
    this.#operator = operator
  }

  mapPartition<R>(fn: MapPartition<T, R>): DataStream<R> {
    return this.#apply('Map Partition', mapPartition(fn, this.#type))
  }

  sortPartition<V>(by: (value: T) => V, order: SortOrder = 'ascending'): DataStream<T> {
    return this.#apply('Sort Partition', sortPartition(by, order, this.#type))
  }

  aggregate<ACC, OUT>(fn: AggregateFunction<T, ACC, OUT>): DataStream<OUT> {
    return this.#apply('Aggregate Partition', aggregatePartition(fn))
  }

  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataStream<T> {
    return this.#apply('Reduce Partition', reducePartition(fn, this.#type))
  }

  #apply<R>(name: string, make: PartitionComputationFactory<T, R>): DataStream<R> {
    return this.#stream.transform<R>(name, this.#operator(make))
  }
}
