import type { AggregateFunction } from '../../state/state-descriptor.ts'
import { type KeyIdentity, keyIdentity } from '../../types/key-identity.ts'
import { plainData } from '../../types/plain-data.ts'
import { types } from '../../types/types.ts'

/** An aggregate whose `merge` leaves its second argument as it is, and keeps no part of it. */
export interface MergeKeepingAggregate<IN, ACC, OUT> extends AggregateFunction<IN, ACC, OUT> {
  /** Tells sliding windows that they need not copy what they merge. */
  readonly keepsMerged: true
}

/**
 * Counts distinct values exactly. The state holds every value once, so it grows with the count: for
 * many values see `approximateDistinctCount`. Values are compared as keys are: objects by content.
 *
 * @param selector the value to count of a record: plain data
 * @example
 * ```ts
 * const visits = [{ page: '/', user: 'a' }, { page: '/', user: 'b' }, { page: '/', user: 'a' }]
 * await env
 *   .fromSource(collectionSource(visits, { timestamp: () => 0 }), watermarks.monotonous())
 *   .keyBy('page')
 *   .window(tumblingEventTimeWindows(days(1)))
 *   .aggregate(distinctCount((visit) => visit.user))
 *   .executeAndCollect() // => [2]
 * ```
 */
export function distinctCount<T>(
  selector: (record: T) => unknown,
): MergeKeepingAggregate<T, Set<KeyIdentity>, number> {
  return {
    createAccumulator: () => new Set(),
    add: (record, seen) => seen.add(keyIdentity(selector(record))),
    getResult: (seen) => seen.size,
    merge(left, right) {
      for (const identity of right) left.add(identity)
      return left
    },
    keepsMerged: true,
    accumulatorType: types.set(plainData<KeyIdentity>()),
  }
}
