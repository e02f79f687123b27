import { transformationOf } from '../../api/datastream/data-stream.ts'
import type { DataStream, KeyedStream } from '../../api/datastream/streams.ts'
import type { KeySelector, ReduceFunction } from '../../operator/function/functions.ts'
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
import { keyedPartitionOperator } from '../../operator/partition/keyed-partition.ts'
import type { MapPartition, SortOrder } from '../../operator/partition/map-partition-function.ts'
import {
  type KeyComputationFactory,
  mapPartition,
} from '../../operator/partition/partition-computation.ts'
import { recordTypeOf } from '../../plan/transformation.ts'
import type { AggregateFunction } from '../../state/state-descriptor.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { DataSet, GroupedDataSet, SortedGroupedDataSet } from './data-sets.ts'
import { requireKey } from './record-key.ts'
import { orderBy, type RecordOrder } from './record-order.ts'
import { aggregateSet, firstInOrder, firstRecords, reduceSet } from './set-computation.ts'

/** Makes a data set of the stream of its records. */
export type MakeDataSet = <T>(stream: DataStream<T>) => DataSet<T>

/** A keyed stream whose groups are computed over at the end of the input. */
export interface Groups<T> {
  readonly type: TypeInformation<T> | undefined
  compute<OUT>(name: string, make: KeyComputationFactory<T, OUT>): DataSet<OUT>
  /** The same for what gives records of the type that it takes. */
  keep(name: string, make: KeyComputationFactory<T, T>): DataSet<T>
}

/** Records what is computed over the groups of a data set. */
export class GroupedRecords<T> implements GroupedDataSet<T> {
  readonly #groups: Groups<T>

  constructor(groups: Groups<T>) {
    this.#groups = groups
  }

  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataSet<T> {
    return this.#groups.keep('Group Reduce', reduceSet(fn, this.#groups.type))
  }

  reduceGroup<R>(fn: MapPartition<T, R>): DataSet<R> {
    return this.#groups.compute('Reduce Group', mapPartition(fn, this.#groups.type))
  }

  aggregate<ACC, OUT>(fn: AggregateFunction<T, ACC, OUT>): DataSet<OUT> {
    return this.#groups.compute('Group Aggregate', aggregateSet(fn))
  }

  first(count: number): DataSet<T> {
    return this.#groups.keep('Group First', firstRecords(count, this.#groups.type))
  }

  sortGroup(by: (record: T) => unknown, order: SortOrder = 'ascending'): SortedGroupedDataSet<T> {
    return new SortedGroupedRecords(this.#groups, orderBy(by, order))
  }

  sum(field?: FieldRef<T>): DataSet<T> {
    return this.reduce(sum(field)).name('Group Sum')
  }

  min(field?: FieldRef<T>): DataSet<T> {
    return this.reduce(min(field)).name('Group Min')
  }

  max(field?: FieldRef<T>): DataSet<T> {
    return this.reduce(max(field)).name('Group Max')
  }

  minBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataSet<T> {
    return this.reduce(minBy(field, options)).name('Group MinBy')
  }

  maxBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataSet<T> {
    return this.reduce(maxBy(field, options)).name('Group MaxBy')
  }
}

/** Records what is computed over the groups of a data set in an order. */
class SortedGroupedRecords<T> implements SortedGroupedDataSet<T> {
  readonly #groups: Groups<T>
  readonly #order: RecordOrder<T>

  constructor(groups: Groups<T>, order: RecordOrder<T>) {
    this.#groups = groups
    this.#order = order
  }

  sortGroup(by: (record: T) => unknown, order: SortOrder = 'ascending'): SortedGroupedDataSet<T> {
    return new SortedGroupedRecords(this.#groups, orderBy(by, order, this.#order))
  }

  reduceGroup<R>(fn: MapPartition<T, R>): DataSet<R> {
    const make = sorted(mapPartition(fn, this.#groups.type), this.#order)
    return this.#groups.compute('Reduce Sorted Group', make)
  }

  first(count: number): DataSet<T> {
    const make = firstInOrder(count, this.#order, this.#groups.type)
    return this.#groups.keep('Group First', make)
  }
}

/** Sorts the records that a computation keeps before it gets them. */
function sorted<T, OUT>(
  make: KeyComputationFactory<T, OUT>,
  order: RecordOrder<T>,
): KeyComputationFactory<T, OUT> {
  return () => {
    const computation = make()
    return {
      ...computation,
      emit: (records, out) => computation.emit((records as readonly T[]).toSorted(order), out),
    }
  }
}

/**
 * Groups the records of a stream.
 *
 * @param use what the key is for, in the words of the program: `groupBy`
 */
export function groupsOf<T>(
  keyed: KeyedStream<T, unknown>,
  selector: KeySelector<T, unknown>,
  use: string,
  makeDataSet: MakeDataSet,
): Groups<T> {
  const type = recordTypeOf(transformationOf(keyed)) as TypeInformation<T> | undefined
  const keySelector = requireKey(selector, use)
  const transform = <OUT>(name: string, make: KeyComputationFactory<T, OUT>): DataStream<OUT> =>
    keyed.transform<OUT>(name, keyedPartitionOperator(make, keySelector))
  return {
    type,
    compute: (name, make) => makeDataSet(transform(name, make)),
    keep: (name, make) => {
      const stream = transform(name, make)
      return makeDataSet(type === undefined ? stream : stream.returns(type))
    },
  }
}
