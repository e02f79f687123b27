import type { Evictor, EvictorOptions } from '../evictor.ts'
import type { Window } from '../window.ts'
import { checkDuration } from '../window-arguments.ts'
import { evictorOf } from './evictor-of.ts'

/**
 * Keeps the records of the last `spanMs` of a window: those whose timestamp is above that of its
 * newest record less the span. Records without event time all stay.
 *
 * ```ts
 * const source = collectionSource([1, 9, 4, 5], { timestamp: (ms) => ms })
 * await env
 *   .fromSource(source, watermarks.boundedOutOfOrderness<number>(10))
 *   .keyBy(() => 'all')
 *   .window(tumblingEventTimeWindows(10))
 *   .evictor(timeEvictor(5))
 *   .sum()
 *   .executeAndCollect() // => [14]
 * ```
 * @throws INVALID_ARGUMENT for a span that is not above 0
 */
export function timeEvictor<T>(spanMs: number, options: EvictorOptions = {}): Evictor<T, Window> {
  checkDuration('timeEvictor', 'spanMs', spanMs)
  return evictorOf((elements) => {
    let newestMs = Number.NEGATIVE_INFINITY
    for (const { timestampMs } of elements) if (timestampMs > newestMs) newestMs = timestampMs
    return elements.filter(({ timestampMs }) => !(timestampMs <= newestMs - spanMs))
  }, options)
}
