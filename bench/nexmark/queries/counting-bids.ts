import { type AggregateFunction, types } from '@millrace/engine'

/** How many bids a window has. */
export const countingBids: AggregateFunction<unknown, number, number> = {
  createAccumulator: () => 0,
  add: (_bid, count) => count + 1,
  merge: (left, right) => left + right,
  getResult: (count) => count,
  accumulatorType: types.number,
}
