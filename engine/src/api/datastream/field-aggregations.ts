import type {
  FieldRef,
  FieldSelector,
  TieOptions,
} from '../../operator/keyed/rolling-aggregations.ts'

/**
 * Aggregations of one field, each of which gives a stream `S`. A keyed stream emits the value so
 * far with each record, a windowed stream one value per window, a data set one at its end, per
 * group if it is grouped.
 */
export interface FieldAggregations<T, S> {
  /**
   * Adds up a field per key and emits the sum so far; the other fields stay those of the first
   * record. Without a field, records are numbers.
   *
   * ```ts
   * await env.fromElements(1, 2, 3).keyBy((n) => n % 2).sum().executeAndCollect() // => [1, 2, 4]
   * ```
   * @throws TYPE_MISMATCH as a record error if the field holds neither numbers nor bigints
   */
  sum(field?: FieldRef<T>): S
  /**
   * The lowest value of a field per key so far; the other fields stay those of the first record.
   *
   * ```ts
   * await env.fromElements(3, 1, 2).keyBy(() => 0).min().executeAndCollect() // => [3, 1, 1]
   * ```
   * @throws TYPE_MISMATCH as a record error if two values cannot be compared
   */
  min(field?: FieldRef<T>): S
  /**
   * The highest value of a field per key so far; the other fields stay those of the first record.
   *
   * ```ts
   * await env.fromElements(1, 3, 2).keyBy(() => 0).max().executeAndCollect() // => [1, 3, 3]
   * ```
   * @throws TYPE_MISMATCH as a record error if two values cannot be compared
   */
  max(field?: FieldRef<T>): S
  /**
   * The whole record with the lowest value per key so far. Of equal ones the first, or the last
   * with `{ first: false }`.
   *
   * ```ts
   * const bids = env.fromElements({ by: 'x', eur: 5 }, { by: 'y', eur: 3 })
   * const lowest = bids.keyBy(() => 0).minBy('eur').map((bid) => bid.by)
   * await lowest.executeAndCollect() // => ['x', 'y']
   * ```
   * @throws TYPE_MISMATCH as a record error if two values cannot be compared
   */
  minBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): S
  /**
   * The whole record with the highest value per key so far; see `minBy`.
   *
   * ```ts
   * const bids = env.fromElements({ by: 'x', eur: 5 }, { by: 'y', eur: 3 })
   * const highest = bids.keyBy(() => 0).maxBy('eur').map((bid) => bid.by)
   * await highest.executeAndCollect() // => ['x', 'x']
   * ```
   * @throws TYPE_MISMATCH as a record error if two values cannot be compared
   */
  maxBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): S
}
