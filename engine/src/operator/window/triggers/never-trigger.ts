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

/** Never fires. The default of global windows, which therefore need another trigger. */
export function neverTrigger(): Trigger<unknown, Window> {
  return NEVER_TRIGGER
}
