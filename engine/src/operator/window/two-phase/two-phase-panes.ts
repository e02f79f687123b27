import { EngineError, ErrorCode } from '../../../base/engine-error.ts'
import type { Pane } from '../panes/pane-layout.ts'
import type { Window } from '../window.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { windowStartOf } from '../window-start.ts'

/** Names the pane that holds a timestamp; undefined for one between windows. */
export type TwoPhasePanes = (timestampMs: number) => Pane | undefined

/**
 * The stretches of time whose records are in the same windows. To be called once per subtask.
 * @throws INVALID_PROGRAM if the windows are not made of any: sessions, count windows, windows by
 *   the clock
 */
export function twoPhasePanes<T, W extends Window>(
  assigner: WindowAssigner<T, W>,
): () => TwoPhasePanes {
  const panes = panesAhead(assigner)
  if (panes === undefined) {
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      'twoPhase() takes event-time windows that are known beforehand (tumbling, sliding, cumulative, ' +
        'calendar); sessions, count windows and windows by the clock are computed in one phase: ' +
        'leave twoPhase() out',
    )
  }
  return panes
}

/** As {@link twoPhasePanes}; undefined if the windows are not made of any. */
export function panesAhead<T, W extends Window>(
  assigner: WindowAssigner<T, W>,
): (() => TwoPhasePanes) | undefined {
  const { panes, aligned } = assigner
  if (panes !== undefined) return () => panes().paneOf
  if (aligned === undefined || !assigner.isEventTime) return undefined
  const { sizeMs, slideMs, offsetMs } = aligned
  return () => (timestampMs) => {
    const startMs = windowStartOf(timestampMs, offsetMs, slideMs)
    const endMs = startMs + Math.min(sizeMs, slideMs)
    return timestampMs < endMs ? { startMs, endMs } : undefined
  }
}
