import { transformationOf } from '../../api/datastream/data-stream.ts'
import { KeyedGrouping } from '../../api/datastream/keyed-grouping.ts'
import type { DataStreamSink } from '../../api/datastream/stream-outputs.ts'
import type { DataStream } from '../../api/datastream/streams.ts'
import { functionSupplier, perSubtask } from '../../operator/function/function-supplier.ts'
import type {
  Collector,
  FilterFunction,
  FlatMapFunction,
  KeySelector,
  MapFunction,
  ReduceFunction,
} from '../../operator/function/functions.ts'
import type { Join } from '../../operator/join/window-join-function.ts'
import {
  type FieldRef,
  type FieldSelector,
  max,
  maxBy,
  min,
  minBy,
  sum,
  type TieOptions,
} from '../../operator/keyed/rolling-aggregations.ts'
import type { MapPartition, SortOrder } from '../../operator/partition/map-partition-function.ts'
import type { Sink } from '../../operator/sink/sink.ts'
import { recordTypeOf } from '../../plan/transformation.ts'
import type { AggregateFunction } from '../../state/state-descriptor.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'
import { requireBounded } from './bounded-input.ts'
import { CrossPairs } from './cross-pairs.ts'
import { DataSetHandle } from './data-set-handle.ts'
import type {
  CoGroupedDataSets,
  DataSet,
  DataSetOperands,
  GroupedDataSet,
  KeyField,
  PairedDataSets,
} from './data-sets.ts'
import { GroupedRecords, type Groups, groupsOf } from './grouped-records.ts'
import { coGroupComputation, type JoinKind, joinComputation } from './join-computation.ts'
import { operandsOf, sideTypes } from './keyed-sides.ts'
import { type KeyOf, keySelectorOf } from './record-key.ts'
import {
  aggregateSet,
  firstRecords,
  reduceSet,
  type SetComputationFactory,
} from './set-computation.ts'
import { computeOverAll } from './whole-set.ts'

/**
 * Takes a bounded stream as a data set, to be grouped, joined and sorted as a whole.
 *
 * ```ts
 * const orders = env.fromElements({ item: 'tea', n: 1 }, { item: 'ice', n: 5 })
 * const most = await dataSet(orders).maxBy('n').collect()
 * most // => [{ item: 'ice', n: 5 }]
 * ```
 * @throws INVALID_PROGRAM if a source of the stream is unbounded: give it an end, or use windows
 * @see Flink 1.x documentation, "DataSet API"
 */
export function dataSet<T>(stream: DataStream<T>): DataSet<T> {
  requireBounded(transformationOf(stream))
  // A keyed stream would compute per key what is meant per subtask.
  const plain =
    stream instanceof KeyedGrouping
      ? stream.program.streams.stream<T>(stream.transformation)
      : stream
  return new DataSetBuilder(plain)
}

const COUNT: AggregateFunction<unknown, number, number> = {
  accumulatorType: types.int,
  createAccumulator: () => 0,
  add: (_record, count) => count + 1,
  getResult: (count) => count,
  merge: (left, right) => left + right,
}

/** Records the transformations of a {@link DataSet}. */
class DataSetBuilder<T> extends DataSetHandle<DataStream<T>> implements DataSet<T> {
  returns(type: TypeInformation<T>): this {
    this.stream.returns(type)
    return this
  }

  map<R>(fn: ((value: T) => R) | MapFunction<T, R>): DataSet<R> {
    return new DataSetBuilder(this.stream.map(fn))
  }

  flatMap<R>(fn: ((value: T, out: Collector<R>) => void) | FlatMapFunction<T, R>): DataSet<R> {
    return new DataSetBuilder(this.stream.flatMap(fn))
  }

  filter<S extends T>(fn: (value: T) => value is S): DataSet<S>
  filter(fn: ((value: T) => boolean) | FilterFunction<T>): DataSet<T>
  filter(fn: ((value: T) => boolean) | FilterFunction<T>): DataSet<T> {
    return this.#ofSameType(this.stream.filter(fn))
  }

  mapPartition<R>(fn: MapPartition<T, R>): DataSet<R> {
    return new DataSetBuilder(this.stream.fullWindowPartition().mapPartition(fn))
  }

  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataSet<T> {
    return this.#keepOverAll('Reduce', reduceSet(fn, this.#type))
  }

  aggregate<ACC, OUT>(fn: AggregateFunction<T, ACC, OUT>): DataSet<OUT> {
    const { result, combined } = computeOverAll(this.stream, 'Aggregate', aggregateSet(fn))
    return new DataSetBuilder(result, combined)
  }

  sum(field?: FieldRef<T>): DataSet<T> {
    return this.reduce(sum(field)).name('Sum')
  }

  min(field?: FieldRef<T>): DataSet<T> {
    return this.reduce(min(field)).name('Min')
  }

  max(field?: FieldRef<T>): DataSet<T> {
    return this.reduce(max(field)).name('Max')
  }

  minBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataSet<T> {
    return this.reduce(minBy(field, options)).name('MinBy')
  }

  maxBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataSet<T> {
    return this.reduce(maxBy(field, options)).name('MaxBy')
  }

  distinct(key?: KeySelector<T, unknown> | KeyField<T>): DataSet<T> {
    const first = reduceSet<T>((record) => record, this.#type)
    const isWhole = key === undefined
    const selector = isWhole ? (record: T): unknown => record : keySelectorOf(key)
    return this.#groups(selector, isWhole ? this.#type : undefined, 'distinct').keep(
      'Distinct',
      first,
    )
  }

  first(count: number): DataSet<T> {
    return this.#keepOverAll('First', firstRecords(count, this.#type))
  }

  union(...others: readonly DataSet<T>[]): DataSet<T> {
    return new DataSetBuilder(this.stream.union(...others.map((other) => other.toStream())))
  }

  cross<U>(other: DataSet<U>): PairedDataSets<T, U> {
    const right = other.toStream()
    return pairsOf((fn) => {
      const make = functionSupplier(fn)
      const ofSides = sideTypes(this.stream, right)
      const pairs = this.stream
        .connect(right.broadcast())
        .process(perSubtask(() => new CrossPairs(make(), ofSides)))
      return new DataSetBuilder(pairs.name('Cross'))
    })
  }

  groupBy<K>(selector: KeySelector<T, K>, keyType?: TypeInformation<K>): GroupedDataSet<T>
  groupBy(field: KeyField<T>): GroupedDataSet<T>
  groupBy(key: KeyOf<T>, keyType?: TypeInformation<unknown>): GroupedDataSet<T> {
    return new GroupedRecords(this.#groups(keySelectorOf(key), keyType, 'groupBy'))
  }

  join<U>(other: DataSet<U>): DataSetOperands<T, U, PairedDataSets<T, U>> {
    return this.#join<U, T, U>(other, 'inner')
  }

  leftOuterJoin<U>(other: DataSet<U>): DataSetOperands<T, U, PairedDataSets<T, U | undefined>> {
    return this.#join<U, T, U | undefined>(other, 'left outer')
  }

  rightOuterJoin<U>(other: DataSet<U>): DataSetOperands<T, U, PairedDataSets<T | undefined, U>> {
    return this.#join<U, T | undefined, U>(other, 'right outer')
  }

  fullOuterJoin<U>(
    other: DataSet<U>,
  ): DataSetOperands<T, U, PairedDataSets<T | undefined, U | undefined>> {
    return this.#join<U, T | undefined, U | undefined>(other, 'full outer')
  }

  coGroup<U>(other: DataSet<U>): DataSetOperands<T, U, CoGroupedDataSets<T, U>> {
    const streams = { left: this.stream, right: other.toStream(), use: 'coGroup' }
    return operandsOf(streams, (sides) => ({
      with: (fn) =>
        new DataSetBuilder(sides.compute('CoGroup', coGroupComputation(fn, sides.types))),
    }))
  }

  sortPartition(by: (record: T) => unknown, order: SortOrder = 'ascending'): DataSet<T> {
    return this.#ofSameType(this.stream.fullWindowPartition().sortPartition(by, order))
  }

  async count(jobName?: string): Promise<number> {
    const counts = this.stream.fullWindowPartition().aggregate(COUNT).name('Count')
    return (await counts.executeAndCollect(jobName)).reduce((left, right) => left + right, 0)
  }

  collect(jobName?: string): Promise<T[]> {
    return this.stream.executeAndCollect(jobName)
  }

  output<C, S>(sink: Sink<T, C, S>): DataStreamSink {
    const end = this.stream.sinkTo(sink)
    // One channel from each subtask keeps the order of a sorted partition.
    const { parallelism } = transformationOf(this.stream)
    return parallelism === undefined ? end : end.setParallelism(parallelism)
  }

  toStream(): DataStream<T> {
    return this.stream
  }

  get #type(): TypeInformation<T> | undefined {
    return recordTypeOf(transformationOf(this.stream)) as TypeInformation<T> | undefined
  }

  #ofSameType(stream: DataStream<T>, combined?: DataStream<unknown>): DataSet<T> {
    const type = this.#type
    return new DataSetBuilder(type === undefined ? stream : stream.returns(type), combined)
  }

  #keepOverAll(name: string, make: SetComputationFactory<T, T>): DataSet<T> {
    const { result, combined } = computeOverAll(this.stream, name, make)
    return this.#ofSameType(result, combined)
  }

  #groups(
    selector: KeySelector<T, unknown>,
    keyType: TypeInformation<unknown> | undefined,
    use: string,
  ): Groups<T> {
    const keyed = this.stream.keyBy(selector, keyType)
    return groupsOf(keyed, selector, use, (stream) => new DataSetBuilder(stream))
  }

  /** `L` and `R` say whether a side may be missing, as the kind of the join does. */
  #join<U, L extends T | undefined, R extends U | undefined>(
    other: DataSet<U>,
    kind: JoinKind,
  ): DataSetOperands<T, U, PairedDataSets<L, R>> {
    const streams = { left: this.stream, right: other.toStream(), use: 'join' }
    const name = kind === 'inner' ? 'Join' : `Join (${kind})`
    return operandsOf(streams, (sides) =>
      pairsOf(<OUT>(fn: Join<L, R, OUT>): DataSet<OUT> => {
        const join = fn as Join<T | undefined, U | undefined, OUT>
        const make = joinComputation(kind, join, sides.types)
        return new DataSetBuilder(sides.compute(name, make))
      }),
    )
  }
}

function pairsOf<L, R>(join: <OUT>(fn: Join<L, R, OUT>) => DataSet<OUT>): PairedDataSets<L, R> {
  return { with: join, pairs: () => join((left, right): [L, R] => [left, right]) }
}
