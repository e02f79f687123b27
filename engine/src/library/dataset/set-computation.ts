import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { functionSupplier } from '../../operator/function/function-supplier.ts'
import type { ReduceFunction } from '../../operator/function/functions.ts'
import {
  type PartitionComputation,
  reducePartition,
} from '../../operator/partition/partition-computation.ts'
import type { AggregateFunction } from '../../state/state-descriptor.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'
import type { RecordOrder } from './record-order.ts'

/**
 * A computation whose value can be made in two steps: each subtask folds its own records, and what
 * it has made of them is absorbed into one value of all.
 */
export interface SetComputation<IN, OUT>
  extends PartitionComputation<IN, unknown, OUT>,
    Absorbing<unknown> {}

interface Absorbing<V> {
  /** Adds what a subtask has made, which is a record and so stays as it is. */
  readonly absorb: (value: V | undefined, part: V) => V
}

/** Makes the computation of each subtask, with function objects of its own. */
export type SetComputationFactory<IN, OUT> = () => SetComputation<IN, OUT>

/** Folds all records into one. */
export function reduceSet<T>(
  fn: ((left: T, right: T) => T) | ReduceFunction<T>,
  type: TypeInformation<T> | undefined,
): SetComputationFactory<T, T> {
  const make = reducePartition(fn, type)
  return () => {
    const computation = make()
    const absorb = computation.fold as (value: unknown, part: unknown) => unknown
    return { ...computation, absorb }
  }
}

/** Folds all records into an accumulator and emits its result. */
export function aggregateSet<IN, ACC, OUT>(
  fn: AggregateFunction<IN, ACC, OUT>,
): SetComputationFactory<IN, OUT> {
  const make = functionSupplier(fn)
  return () => {
    const made = make()
    const begun = (value: ACC | undefined): ACC =>
      value === undefined ? made.createAccumulator() : value
    const computation: PartitionComputation<IN, ACC, OUT> & Absorbing<ACC> = {
      functions: [made],
      type: made.accumulatorType,
      fold: (value, record) => made.add(record, begun(value)),
      merge: (value, other) => made.merge(value, other),
      absorb: (value, part) => made.merge(begun(value), part),
      emit: (value, out) => out.collect(made.getResult(value)),
    }
    return computation as SetComputation<IN, OUT>
  }
}

/** Emits the first records that come, up to `count`; keeps no more than those. */
export function firstRecords<T>(
  count: number,
  type: TypeInformation<T> | undefined,
): SetComputationFactory<T, T> {
  requireCount(count)
  const addAll = (value: T[], others: readonly T[]): T[] => {
    for (let i = 0; i < others.length && value.length < count; i++) value.push(others[i] as T)
    return value
  }
  return () =>
    ofRecords(type, {
      fold(value, record) {
        if (value === undefined) return [record]
        if (value.length < count) value.push(record)
        return value
      },
      merge: addAll,
      absorb: (value, part) => addAll(value ?? [], part),
      finish: (value) => value,
    })
}

/** Emits the first records in an order, up to `count`; keeps no more than about twice as many. */
export function firstInOrder<T>(
  count: number,
  order: RecordOrder<T>,
  type: TypeInformation<T> | undefined,
): SetComputationFactory<T, T> {
  requireCount(count)
  // Sorting only now and then makes the cost of a record that of a sort's, not of a search's.
  const keptMax = 2 * count + 16
  const first = (value: readonly T[]): T[] => value.toSorted(order).slice(0, count)
  const addAll = (value: T[], others: readonly T[]): T[] => {
    for (const record of others) value.push(record)
    return value.length > keptMax ? first(value) : value
  }
  return () =>
    ofRecords(type, {
      fold(value, record) {
        if (value === undefined) return [record]
        value.push(record)
        return value.length > keptMax ? first(value) : value
      },
      merge: addAll,
      absorb: (value, part) => addAll(value ?? [], part),
      finish: first,
    })
}

/** What is kept of the records is a list of some of them. */
interface RecordList<T> extends Absorbing<T[]> {
  readonly fold: (value: T[] | undefined, record: T) => T[]
  readonly merge: (value: T[], others: T[]) => T[]
  /** The list that is emitted in the end. */
  readonly finish: (value: readonly T[]) => readonly T[]
}

function ofRecords<T>(
  type: TypeInformation<T> | undefined,
  list: RecordList<T>,
): SetComputation<T, T> {
  const { fold, merge, absorb, finish } = list
  const computation: PartitionComputation<T, T[], T> & Absorbing<T[]> = {
    functions: [],
    type: type && types.array(type),
    fold,
    merge,
    absorb,
    emit(value, out) {
      for (const record of finish(value)) out.collect(record)
    },
  }
  return computation as SetComputation<T, T>
}

function requireCount(count: number): void {
  if (Number.isSafeInteger(count) && count >= 1) return
  throw new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `first(${count}) makes no sense: the number of records must be a whole number of at least 1`,
  )
}
