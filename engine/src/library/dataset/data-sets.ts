import type { FieldAggregations } from '../../api/datastream/field-aggregations.ts'
import type { OperatorSettings } from '../../api/datastream/operator-settings.ts'
import type { DataStreamSink } from '../../api/datastream/stream-outputs.ts'
import type { DataStream } from '../../api/datastream/streams.ts'
import type {
  Collector,
  FilterFunction,
  FlatMapFunction,
  KeySelector,
  MapFunction,
  ReduceFunction,
} from '../../operator/function/functions.ts'
import type { CoGroup, Join } from '../../operator/join/window-join-function.ts'
import type { MapPartition, SortOrder } from '../../operator/partition/map-partition-function.ts'
import type { Sink } from '../../operator/sink/sink.ts'
import type { AggregateFunction } from '../../state/state-descriptor.ts'
import type { TypeInformation } from '../../types/type-information.ts'

/**
 * A bounded set of records of type `T`. Methods record what is to be done with it; nothing runs
 * before `collect`, `count` or the environment's `execute()`.
 *
 * What looks at one record at a time (`map`, `flatMap`, `filter`, `union`, `cross`) passes results
 * on at once. All else has its results at the end of the input, and keeps what it needs for them in
 * state, which checkpoints hold.
 *
 * Settings (`name`, `uid`, `setParallelism`, ...) concern the operator that the set comes from. An
 * operator over the whole set works in two steps: in every subtask, and then in one. There
 * `setParallelism` concerns the first, and the first has the uid with `-combine` behind it.
 *
 * ```ts
 * const lines = dataSet(env.fromElements('to be', 'or not to be'))
 * const counts = await lines
 *   .flatMap<{ word: string; n: number }>((line, out) => {
 *     for (const word of line.split(' ')) out.collect({ word, n: 1 })
 *   })
 *   .groupBy('word')
 *   .sum('n')
 *   .collect()
 * counts.find(({ word }) => word === 'be') // => { word: 'be', n: 2 }
 * counts.length // => 4
 * ```
 * @see Flink 1.x documentation, "DataSet API"
 */
export interface DataSet<T> extends OperatorSettings, FieldAggregations<T, DataSet<T>> {
  /** Declares the type of the records, for operators that keep them in state. */
  returns(type: TypeInformation<T>): this
  /** Turns each record into one record. */
  map<R>(fn: ((value: T) => R) | MapFunction<T, R>): DataSet<R>
  /** Turns each record into any number of records. */
  flatMap<R>(fn: ((value: T, out: Collector<R>) => void) | FlatMapFunction<T, R>): DataSet<R>
  /** Keeps the records for which the function is true. */
  filter<S extends T>(fn: (value: T) => value is S): DataSet<S>
  filter(fn: ((value: T) => boolean) | FilterFunction<T>): DataSet<T>
  /** Turns all records of a subtask into any number of records. */
  mapPartition<R>(fn: MapPartition<T, R>): DataSet<R>
  /**
   * Folds all records into one. Nothing comes out of an empty set. The function must be
   * associative, and give the same whichever record is left.
   *
   * ```ts
   * const numbers = dataSet(env.fromElements(1, 2, 3))
   * await numbers.reduce((left, right) => left + right).collect() // => [6]
   * ```
   */
  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataSet<T>
  /** Folds all records into an accumulator. Nothing comes out of an empty set. */
  aggregate<ACC, OUT>(fn: AggregateFunction<T, ACC, OUT>): DataSet<OUT>
  /**
   * One record of those that are equal, or equal in a value of theirs: the first that came.
   *
   * ```ts
   * const letters = await dataSet(env.fromElements('a', 'b', 'a')).distinct().collect()
   * letters.sort() // => ['a', 'b']
   * ```
   * @throws INVALID_ARGUMENT as a record error for values that are missing; see {@link groupBy}
   */
  distinct(key?: KeySelector<T, unknown> | KeyField<T>): DataSet<T>
  /**
   * As many records, whichever come first; all if there are fewer.
   *
   * @throws INVALID_ARGUMENT unless the count is a whole number of at least 1
   */
  first(count: number): DataSet<T>
  /** Joins sets of one type into one; equal records stay. */
  union(...others: readonly DataSet<T>[]): DataSet<T>
  /**
   * Meets every record with every record of the other set, which all subtasks get and hold: it
   * should be the smaller one.
   *
   * ```ts
   * const suits = dataSet(env.fromElements('hearts', 'spades'))
   * const ranks = dataSet(env.fromElements(7, 8))
   * const cards = await suits.cross(ranks).with((suit, rank) => `${suit} ${rank}`).collect()
   * cards.sort() // => ['hearts 7', 'hearts 8', 'spades 7', 'spades 8']
   * ```
   */
  cross<U>(other: DataSet<U>): PairedDataSets<T, U>
  /**
   * Groups the records by a key: a value of theirs, a field, or an array of several values. Equal
   * keys are equal by value.
   *
   * A record whose key, or a part of it, is null or undefined is refused as a record error: the
   * record error policy says whether the job goes on without it.
   *
   * @param keyType how keys are written; without it the generic serializer is used
   *
   * ```ts
   * const sales = dataSet(env.fromElements({ shop: 'a', n: 1 }, { shop: 'b', n: 5 }))
   * const shops = sales.groupBy((sale) => sale.shop, types.string)
   * await shops.max('n').map((sale) => sale.n).reduce(Math.max).collect() // => [5]
   * ```
   */
  groupBy<K>(selector: KeySelector<T, K>, keyType?: TypeInformation<K>): GroupedDataSet<T>
  groupBy(field: KeyField<T>): GroupedDataSet<T>
  /**
   * The pairs of records that have equal keys.
   *
   * ```ts
   * const people = dataSet(env.fromElements({ id: 1, name: 'Ada' }, { id: 2, name: 'Grace' }))
   * const logins = dataSet(env.fromElements({ user: 1, page: 'home' }))
   * const pairs = people.join(logins).where('id').equalTo('user')
   * const visits = pairs.with((person, login) => `${person.name}: ${login.page}`)
   * await visits.collect() // => ['Ada: home']
   * ```
   * @throws INVALID_ARGUMENT as a record error for keys that are missing; see {@link groupBy}
   */
  join<U>(other: DataSet<U>): DataSetOperands<T, U, PairedDataSets<T, U>>
  /** As {@link join}, and each record of this set without a match with `undefined`. */
  leftOuterJoin<U>(other: DataSet<U>): DataSetOperands<T, U, PairedDataSets<T, U | undefined>>
  /** As {@link join}, and each record of the other set without a match with `undefined`. */
  rightOuterJoin<U>(other: DataSet<U>): DataSetOperands<T, U, PairedDataSets<T | undefined, U>>
  /**
   * As {@link join}, and each record of either set without a match with `undefined`.
   *
   * ```ts
   * const left = dataSet(env.fromElements('a', 'b'))
   * const right = dataSet(env.fromElements('b', 'c'))
   * const all = left.fullOuterJoin(right).where((text) => text).equalTo((text) => text)
   * const texts = await all.with((l, r) => `${l ?? '-'}${r ?? '-'}`).collect()
   * texts.sort() // => ['-c', 'a-', 'bb']
   * ```
   */
  fullOuterJoin<U>(
    other: DataSet<U>,
  ): DataSetOperands<T, U, PairedDataSets<T | undefined, U | undefined>>
  /**
   * Hands the records of both sets that have one key to a function, once per key of either set.
   *
   * @throws INVALID_ARGUMENT as a record error for keys that are missing; see {@link groupBy}
   */
  coGroup<U>(other: DataSet<U>): DataSetOperands<T, U, CoGroupedDataSets<T, U>>
  /**
   * Sorts the records of each subtask by a value of theirs, or by an array of several. Equal ones
   * keep their order. For an order over all, set the parallelism to 1.
   *
   * ```ts
   * const sorted = dataSet(env.fromElements(2, 3, 1)).sortPartition((n) => n, 'descending')
   * await sorted.setParallelism(1).collect() // => [3, 2, 1]
   * ```
   */
  sortPartition(by: (record: T) => unknown, order?: SortOrder): DataSet<T>
  /**
   * Runs the job and says how many records there are. For the end of a program: the environment
   * is empty afterwards.
   *
   * ```ts
   * await dataSet(env.fromSequence(1, 100)).filter((n) => n % 3 === 0).count() // => 33
   * ```
   * @throws JOB_FAILED if the job failed for good; `cause` says why
   */
  count(jobName?: string): Promise<number>
  /**
   * Runs the job and returns the records, in no order. For the end of a program: the environment
   * is empty afterwards.
   *
   * @throws JOB_FAILED if the job failed for good; `cause` says why
   */
  collect(jobName?: string): Promise<T[]>
  /** Ends the set in a sink, which has as many subtasks as were set for this set, if any were. */
  output<C, S>(sink: Sink<T, C, S>): DataStreamSink
  /** The set as a stream again. */
  toStream(): DataStream<T>
}

/** The fields of a record that may be its key. */
export type KeyField<T> = keyof T & (string | number)

/**
 * A data set parted by key. What is computed has one result per group, at the end of the input.
 *
 * ```ts
 * const words = dataSet(env.fromElements('tea', 'ice', 'cup', 'milk'))
 * const longest = await words
 *   .groupBy((word) => word.length)
 *   .reduceGroup<string>((group, out) => out.collect(`${group.length} of ${group[0]?.length}`))
 *   .collect()
 * longest.sort() // => ['1 of 4', '3 of 3']
 * ```
 */
export interface GroupedDataSet<T> extends FieldAggregations<T, DataSet<T>> {
  /** Folds the records of a group into one; state holds one record per group. */
  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataSet<T>
  /** Turns all records of a group into any number of records; state holds every record. */
  reduceGroup<R>(fn: MapPartition<T, R>): DataSet<R>
  /** Folds the records of a group into an accumulator; state holds one per group. */
  aggregate<ACC, OUT>(fn: AggregateFunction<T, ACC, OUT>): DataSet<OUT>
  /**
   * As many records of each group, whichever come first.
   *
   * @throws INVALID_ARGUMENT unless the count is a whole number of at least 1
   */
  first(count: number): DataSet<T>
  /**
   * Sorts the records within each group, for the function that comes next.
   *
   * ```ts
   * const bids = dataSet(env.fromElements(['x', 5], ['y', 1], ['x', 9], ['x', 2]))
   * const best = bids.groupBy(0).sortGroup((bid) => bid[1], 'descending').first(2)
   * const all = await best.map((bid) => bid.join('')).collect()
   * all.sort() // => ['x5', 'x9', 'y1']
   * ```
   */
  sortGroup(by: (record: T) => unknown, order?: SortOrder): SortedGroupedDataSet<T>
}

/** A data set parted by key, the records of each group in an order. Equal ones keep theirs. */
export interface SortedGroupedDataSet<T> {
  /** Sorts what is equal so far by a further value. */
  sortGroup(by: (record: T) => unknown, order?: SortOrder): SortedGroupedDataSet<T>
  /** Turns all records of a group, in order, into any number of records. */
  reduceGroup<R>(fn: MapPartition<T, R>): DataSet<R>
  /**
   * As many records of each group, the first in the order.
   *
   * @throws INVALID_ARGUMENT unless the count is a whole number of at least 1
   */
  first(count: number): DataSet<T>
}

/** Two data sets, to be told their keys. `KEYED` is what comes of it. */
export interface DataSetOperands<L, R, KEYED> {
  /** The key of left records: a value, a field, or an array of several values. */
  where<K>(
    selector: KeySelector<L, K>,
    keyType?: TypeInformation<K>,
  ): DataSetOperandsWhere<R, K, KEYED>
  where<F extends KeyField<L>>(field: F): DataSetOperandsWhere<R, L[F], KEYED>
}

/** Two data sets, the right one to be told its key. */
export interface DataSetOperandsWhere<R, K, KEYED> {
  /** The key of right records. Keys are equal by value. */
  equalTo(selector: KeySelector<R, K>): KEYED
  equalTo(field: { [F in KeyField<R>]: R[F] extends K ? F : never }[KeyField<R>]): KEYED
}

/**
 * The pairs of records of two data sets.
 *
 * ```ts
 * const [left, right] = [dataSet(env.fromElements(1, 2)), dataSet(env.fromElements(2, 3))]
 * const pairs = left.join(right).where((n) => n).equalTo((n) => n)
 * await pairs.pairs().collect() // => [[2, 2]]
 * ```
 */
export interface PairedDataSets<L, R> {
  /** Makes a record of each pair; with `flatJoin`, any number. */
  with<OUT>(fn: Join<L, R, OUT>): DataSet<OUT>
  /** The pairs themselves. */
  pairs(): DataSet<[left: L, right: R]>
}

/**
 * The records of two data sets by key.
 *
 * ```ts
 * const [left, right] = [dataSet(env.fromElements(1, 2)), dataSet(env.fromElements(2, 3, 3))]
 * const groups = left.coGroup(right).where((n) => n).equalTo((n) => n)
 * const counts = await groups
 *   .with<string>((lefts, rights, out) => out.collect(`${lefts.length}:${rights.length}`))
 *   .collect()
 * counts.sort() // => ['0:2', '1:0', '1:1']
 * ```
 */
export interface CoGroupedDataSets<L, R> {
  /** Gets all records of a key by side; a side without records is empty. */
  with<OUT>(fn: CoGroup<L, R, OUT>): DataSet<OUT>
}
