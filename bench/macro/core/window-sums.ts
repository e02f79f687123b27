import { type AggregateFunction, types } from '@millrace/engine'
import { type CheckedJob, rowAdder } from '../../jobs/checked-job.ts'
import type { Entry } from './entries.ts'

/** The sum of a key in a window. */
export interface WindowSum {
  readonly key: number
  readonly startMs: number
  readonly sum: number
}

export const sumAdder: CheckedJob<WindowSum>['adder'] = rowAdder(({ key, startMs, sum }, hash) =>
  hash.number(key).number(startMs).number(sum),
)

/** Sums up the values of entries. */
export const summing: AggregateFunction<Entry, number, number> = {
  createAccumulator: () => 0,
  add: ({ value }, sum) => sum + value,
  merge: (left, right) => left + right,
  getResult: (sum) => sum,
  accumulatorType: types.number,
}
