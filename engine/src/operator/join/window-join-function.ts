import type { Collector, RichFunction } from '../function/functions.ts'

/** Makes one record of each pair of a window join. */
export interface JoinFunction<L, R, OUT> extends RichFunction {
  join(left: L, right: R): OUT
}

/** Makes any number of records of each pair of a window join. */
export interface FlatJoinFunction<L, R, OUT> extends RichFunction {
  flatJoin(left: L, right: R, out: Collector<OUT>): void
}

/** A function over the pairs of a window join, in any form. A plain function makes one record. */
export type Join<L, R, OUT> =
  | JoinFunction<L, R, OUT>
  | FlatJoinFunction<L, R, OUT>
  | JoinFunction<L, R, OUT>['join']

/**
 * Gets all records of a key and window, by side. A side without records is empty: that is how outer
 * joins are written. Both lists are in the order of arrival.
 */
export interface CoGroupFunction<L, R, OUT> extends RichFunction {
  coGroup(left: readonly L[], right: readonly R[], out: Collector<OUT>): void
}

/** A {@link CoGroupFunction} in either form. */
export type CoGroup<L, R, OUT> = CoGroupFunction<L, R, OUT> | CoGroupFunction<L, R, OUT>['coGroup']
