import type { Trigger, TriggerResult } from '../trigger.ts'
import type { Window } from '../window.ts'

/**
 * Drops the contents of a window whenever `inner` fires it, so that each result stands for itself.
 *
 * ```ts
 * const pairs = env.fromElements(1, 2, 3, 4).keyBy(() => 'all').window(globalWindows())
 * await pairs.trigger(purgingTrigger(countTrigger(2))).sum().executeAndCollect() // => [3, 7]
 * ```
 */
export function purgingTrigger<IN, W extends Window>(inner: Trigger<IN, W>): Trigger<IN, W> {
  return {
    canMerge: inner.canMerge,
    onElement: (value, timestampMs, context) =>
      purging(inner.onElement(value, timestampMs, context)),
    onEventTime: (timestampMs, context) => purging(inner.onEventTime(timestampMs, context)),
    onProcessingTime: (timestampMs, context) =>
      purging(inner.onProcessingTime(timestampMs, context)),
    onMerge: (context) => inner.onMerge?.(context),
    clear: (context) => inner.clear(context),
  }
}

function purging(result: TriggerResult): TriggerResult {
  return result === 'fire' ? 'fire-and-purge' : result
}
