import { countEvictor } from '../../operator/window/evictors/count-evictor.ts'
import type { GlobalWindow } from '../../operator/window/global-window.ts'
import { countTrigger } from '../../operator/window/triggers/count-trigger.ts'
import { purgingTrigger } from '../../operator/window/triggers/purging-trigger.ts'
import type { WindowedStream } from './streams.ts'

/**
 * Makes count windows of global ones: each `size` records a result, or with a slide a result every
 * `slide` records over the last `size`.
 *
 * @throws INVALID_ARGUMENT if size or slide is not an integer above 0
 */
export function countWindows<T, K>(
  windows: WindowedStream<T, K, GlobalWindow>,
  size: number,
  slide: number | undefined,
): WindowedStream<T, K, GlobalWindow> {
  if (slide === undefined) return windows.trigger(purgingTrigger(countTrigger(size)))
  return windows.trigger(countTrigger(slide)).evictor(countEvictor(size))
}
