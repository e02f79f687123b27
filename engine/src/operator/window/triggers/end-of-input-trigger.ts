import type { Trigger } from '../trigger.ts'
import type { Window } from '../window.ts'
import { deleteWindowEnd, isWindowEnd, registerWindowEnd } from './window-end.ts'

const END_OF_INPUT_TRIGGER: Trigger<unknown, Window> = {
  canMerge: true,
  onElement(_value, _timestampMs, context) {
    registerWindowEnd(context)
    return 'continue'
  },
  onEventTime: (timestampMs, context) =>
    isWindowEnd(context, true, timestampMs) ? 'fire-and-purge' : 'continue',
  onProcessingTime: () => 'continue',
  onMerge: registerWindowEnd,
  clear: deleteWindowEnd,
}

/** Fires once, at the end of a window that ends with the input. Of `endOfStreamWindows`. */
export function endOfInputTrigger(): Trigger<unknown, Window> {
  return END_OF_INPUT_TRIGGER
}
