import type { Evictor, EvictorOptions, TimedValue } from '../evictor.ts'
import type { Window } from '../window.ts'
import { evictorOf } from './evictor-of.ts'

/**
 * Keeps the records that are less than `threshold` away from the last one, as `delta` measures it.
 *
 * ```ts
 * const windows = env.fromElements(1, 9, 4, 5).keyBy(() => 'all').countWindow(4)
 * const near = windows.evictor(deltaEvictor(3, (one, last) => Math.abs(one - last)))
 * await near.sum().executeAndCollect() // => [9]
 * ```
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
