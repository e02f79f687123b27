import { GLOBAL_WINDOW, type GlobalWindow } from '../global-window.ts'
import { endOfInputTrigger } from '../triggers/end-of-input-trigger.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { GLOBAL_CODEC } from '../window-codec.ts'

const ALL: readonly GlobalWindow[] = Object.freeze([GLOBAL_WINDOW])

const END_OF_STREAM_WINDOWS: WindowAssigner<unknown, GlobalWindow> = {
  isEventTime: false,
  codec: GLOBAL_CODEC,
  assignWindows: () => ALL,
  defaultTrigger: endOfInputTrigger,
}

/**
 * One window per key that fires once, at the end of the input: aggregations, joins and co-groups
 * over all of a bounded stream, in either runtime mode. Records need no timestamps. Never fires on
 * input without end.
 *
 * ```ts
 * const users = env.fromElements({ id: 1, name: 'Ada' }, { id: 2, name: 'Bo' })
 * const visits = env.fromElements({ user: 1, page: '/a' }, { user: 1, page: '/b' })
 * const seen = users
 *   .join(visits)
 *   .where((user) => user.id)
 *   .equalTo((visit) => visit.user)
 *   .window(endOfStreamWindows())
 *   .apply((user, visit) => `${user.name} ${visit.page}`)
 * await seen.executeAndCollect() // => ['Ada /a', 'Ada /b']
 * ```
 * @see FLIP-331, "Support EndOfStreamWindows"
 */
export function endOfStreamWindows(): WindowAssigner<unknown, GlobalWindow> {
  return END_OF_STREAM_WINDOWS
}
