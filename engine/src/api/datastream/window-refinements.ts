import type { OutputTag } from '../../core/output-tag.ts'
import type { Evictor } from '../../operator/window/evictor.ts'
import type { WindowMerge } from '../../operator/window/merge-trace.ts'
import type { Window } from '../../operator/window/window.ts'

/**
 * Settings of a windowed stream that few programs need. Each returns the stream, of type `Self`.
 */
export interface WindowRefinements<T, W extends Window, Self> {
  /**
   * Takes records out of a window when it fires, before or after the computation. The window then
   * keeps all its records in state, also for `reduce` and `aggregate`.
   *
   * ```ts
   * const lastTwo = env
   *   .fromElements(1, 2, 3, 4)
   *   .keyBy(() => 'all')
   *   .window(globalWindows())
   *   .trigger(countTrigger(2))
   *   .evictor(countEvictor(2))
   * await lastTwo.sum().executeAndCollect() // => [3, 7]
   * ```
   */
  evictor(evictor: Evictor<T, W>): Self
  /**
   * Sends a line to a side output of the result each time windows merge: the key, the windows
   * before and the one after. To see how a session came to be. Windows that merge only; without it
   * the metric `numWindowMerges` says how often sessions that were apart became one.
   *
   * ```ts
   * const merges = outputTag<WindowMerge>('merges')
   * const source = collectionSource([0, 8], { timestamp: (ms) => ms })
   * const sessions = env
   *   .fromSource(source, watermarks.monotonous())
   *   .keyBy(() => 'all')
   *   .window(eventTimeSessionWindows(10))
   *   .sideOutputMerges(merges)
   *   .sum()
   * await sessions.getSideOutput(merges).executeAndCollect()
   * // => [{ key: 'all', before: ['[0, 10)', '[8, 18)'], after: '[0, 18)' }]
   * ```
   */
  sideOutputMerges(tag: OutputTag<WindowMerge>): Self
}
