import { GLOBAL_WINDOW, type GlobalWindow } from '../global-window.ts'
import { neverTrigger } from '../triggers/never-trigger.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { GLOBAL_CODEC } from '../window-codec.ts'

const ALL: readonly GlobalWindow[] = Object.freeze([GLOBAL_WINDOW])

const GLOBAL_WINDOWS: WindowAssigner<unknown, GlobalWindow> = {
  isEventTime: false,
  codec: GLOBAL_CODEC,
  assignWindows: () => ALL,
  defaultTrigger: neverTrigger,
}

/**
 * One window per key that never ends. Nothing fires without a trigger of your own, and the contents
 * stay until the trigger purges them.
 *
 * ```ts
 * const numbers = env.fromElements(1, 2, 3, 4).keyBy(() => 'all')
 * const running = numbers.window(globalWindows()).trigger(countTrigger(2)).sum()
 * await running.executeAndCollect() // => [3, 10]
 * ```
 */
export function globalWindows(): WindowAssigner<unknown, GlobalWindow> {
  return GLOBAL_WINDOWS
}
