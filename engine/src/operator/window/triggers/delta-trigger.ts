import { valueState } from '../../../state/state-descriptor.ts'
import { plainData } from '../../../types/plain-data.ts'
import type { TypeInformation } from '../../../types/type-information.ts'
import type { Trigger } from '../trigger.ts'
import type { Window } from '../window.ts'

/** Options of {@link deltaTrigger}. */
export interface DeltaTriggerOptions<T> {
  /** Type of the records, one of which is state. Without it the generic serializer is used. */
  readonly type?: TypeInformation<T>
}

/**
 * Fires when a record is more than `threshold` away from the one that fired last, as `delta`
 * measures it; the first record of a window sets the mark and does not fire. The contents stay:
 * wrap it in `purgingTrigger` to start anew. Not for windows that merge, whose marks cannot be one.
 *
 * ```ts
 * const readings = env.fromElements(1, 2, 6, 7, 12).keyBy(() => 'meter').window(globalWindows())
 * const jumps = readings.trigger(purgingTrigger(deltaTrigger(3, (mark, n) => n - mark)))
 * await jumps.reduce((_, last) => last).executeAndCollect() // => [6, 12]
 * ```
 * @param delta the distance from the mark to the record that came
 */
export function deltaTrigger<T>(
  threshold: number,
  delta: (mark: T, record: T) => number,
  options: DeltaTriggerOptions<T> = {},
): Trigger<T, Window> {
  const descriptor = valueState<T>('millrace-trigger-mark', {
    type: options.type ?? plainData<T>(),
  })
  return {
    canMerge: false,
    onElement(value, _timestampMs, context) {
      const mark = context.getState(descriptor)
      const last = mark.value()
      if (last === undefined) {
        mark.update(value)
        return 'continue'
      }
      if (!(delta(last, value) > threshold)) return 'continue'
      mark.update(value)
      return 'fire'
    },
    onEventTime: () => 'continue',
    onProcessingTime: () => 'continue',
    clear: (context) => context.getState(descriptor).clear(),
  }
}
