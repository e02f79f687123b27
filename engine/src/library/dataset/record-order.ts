import type { SortOrder } from '../../operator/partition/map-partition-function.ts'
import { compareValues } from '../../types/compare-values.ts'

/** Compares two records; what a sort takes. */
export type RecordOrder<T> = (left: T, right: T) => number

/** Orders records by `before` if there is one, and those that are equal in it by a value. */
export function orderBy<T>(
  by: (record: T) => unknown,
  order: SortOrder,
  before?: RecordOrder<T>,
): RecordOrder<T> {
  const sign = order === 'ascending' ? 1 : -1
  const compare: RecordOrder<T> = (left, right) => sign * compareValues(by(left), by(right))
  return before === undefined
    ? compare
    : (left, right) => before(left, right) || compare(left, right)
}
