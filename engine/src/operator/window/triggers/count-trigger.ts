import { reducingState } from '../../../state/state-descriptor.ts'
import { types } from '../../../types/types.ts'
import type { Trigger } from '../trigger.ts'
import type { Window } from '../window.ts'
import { checkCount } from '../window-arguments.ts'

const COUNT = reducingState<number>('millrace-trigger-count', (left, right) => left + right, {
  type: types.int,
})

/**
 * Fires at each `count`th record of a window. The contents stay: wrap it in `purgingTrigger` to
 * start anew after each result. Records that never fill a count are dropped with their window.
 *
 * ```ts
 * const pairs = env.fromElements(1, 2, 3, 4).keyBy(() => 'all').window(globalWindows())
 * await pairs.trigger(countTrigger(2)).sum().executeAndCollect() // => [3, 10]
 * ```
 * @throws INVALID_ARGUMENT if `count` is not an integer above 0
 */
export function countTrigger(count: number): Trigger<unknown, Window> {
  checkCount('countTrigger', count)
  return {
    canMerge: true,
    onElement(_value, _timestampMs, context) {
      const state = context.getReducingState(COUNT)
      state.add(1)
      if ((state.get() ?? 0) < count) return 'continue'
      state.clear()
      return 'fire'
    },
    onEventTime: () => 'continue',
    onProcessingTime: () => 'continue',
    onMerge: (context) => context.mergeState(COUNT),
    clear: (context) => context.getReducingState(COUNT).clear(),
  }
}
