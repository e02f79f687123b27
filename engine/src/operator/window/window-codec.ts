import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { type Namespace, VOID_NAMESPACE } from '../../state/namespace.ts'
import { GLOBAL_WINDOW, type GlobalWindow } from './global-window.ts'
import { TimeWindow } from './time-window.ts'
import type { Window } from './window.ts'

/**
 * Turns windows into state namespaces and back. Two windows are the same if their namespaces are
 * equal. The namespaces are in snapshots: what a codec writes must stay readable.
 */
export interface WindowCodec<W extends Window> {
  namespaceOf(window: W): Namespace
  windowOf(namespace: Namespace): W
}

/** For windows that are all `sizeMs` long: the start says it all. */
export function fixedSizeCodec(sizeMs: number): WindowCodec<TimeWindow> {
  return {
    namespaceOf: (window) => window.startMs,
    windowOf: (namespace) => {
      if (typeof namespace !== 'number') throw incompatible(namespace, 'the number of its start')
      return new TimeWindow(namespace, namespace + sizeMs)
    },
  }
}

/**
 * For time windows of any length: `start:end`.
 *
 * ```ts
 * const namespace = START_END_CODEC.namespaceOf(new TimeWindow(0, 10))
 * START_END_CODEC.windowOf(namespace).endMs // => 10
 * ```
 */
export const START_END_CODEC: WindowCodec<TimeWindow> = {
  namespaceOf: (window) => window.name,
  windowOf: (namespace) => {
    const window = TimeWindow.ofName(String(namespace))
    if (window === undefined) throw incompatible(namespace, 'of the form start:end')
    return window
  },
}

/** For {@link GLOBAL_WINDOW}: state of no particular window. */
export const GLOBAL_CODEC: WindowCodec<GlobalWindow> = {
  namespaceOf: () => VOID_NAMESPACE,
  windowOf: () => GLOBAL_WINDOW,
}

function incompatible(namespace: Namespace, form: string): EngineError {
  return new EngineError(
    ErrorCode.INCOMPATIBLE_STATE,
    `the restored state holds the window ${JSON.stringify(namespace)}, which is not ${form}; ` +
      'windows cannot change between a fixed size and sessions: give the operator a new uid',
  )
}
