import type { Evictor, EvictorOptions } from '../evictor.ts'
import type { Window } from '../window.ts'
import { checkCount } from '../window-arguments.ts'
import { evictorOf } from './evictor-of.ts'

/**
 * Keeps the last `count` records of a window, in the order of arrival.
 *
 * ```ts
 * const windows = env.fromElements(1, 9, 4, 5).keyBy(() => 'all').countWindow(4)
 * await windows.evictor(countEvictor(2)).sum().executeAndCollect() // => [9]
 * ```
 * @throws INVALID_ARGUMENT if `count` is not an integer above 0
 */
export function countEvictor<T>(count: number, options: EvictorOptions = {}): Evictor<T, Window> {
  checkCount('countEvictor', count)
  return evictorOf(
    (elements) => (elements.length <= count ? elements : elements.slice(-count)),
    options,
  )
}
