import type { Trigger } from '../trigger.ts'
import type { Window } from '../window.ts'

const NEVER_TRIGGER: Trigger<unknown, Window> = {
  canMerge: true,
  onElement: () => 'continue',
  onEventTime: () => 'continue',
  onProcessingTime: () => 'continue',
  onMerge: () => {},
  clear: () => {},
}

/**
 * Never fires. The default of global windows, which therefore need another trigger.
 *
 * ```ts
 * const windows = env.fromElements(1, 2, 3).keyBy(() => 'all').window(globalWindows())
 * await windows.trigger(neverTrigger()).sum().executeAndCollect() // => []
 * ```
 */
export function neverTrigger(): Trigger<unknown, Window> {
  return NEVER_TRIGGER
}
