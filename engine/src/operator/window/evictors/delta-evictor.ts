import type { Evictor, EvictorOptions, TimedValue } from '../evictor.ts'
import type { Window } from '../window.ts'
import { evictorOf } from './evictor-of.ts'

/**
 * Keeps the records that are less than `threshold` away from the last one, as `delta` measures it.
 *
 * @param delta the distance of a record from the last one
 */
export function deltaEvictor<T>(
  threshold: number,
  delta: (record: T, last: T) => number,
  options: EvictorOptions = {},
): Evictor<T, Window> {
  return evictorOf<T>((elements) => {
    const { value: last } = elements.at(-1) as TimedValue<T>
    return elements.filter(({ value }) => delta(value, last) < threshold)
  }, options)
}
