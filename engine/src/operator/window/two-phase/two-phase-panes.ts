import { EngineError, ErrorCode } from '../../../base/engine-error.ts'
import type { PaneLayout } from '../panes/pane-layout.ts'
import type { Window } from '../window.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { windowStartOf } from '../window-start.ts'

/**
 * The stretches of time whose records are in the same windows.
 * @throws INVALID_PROGRAM if the windows are not made of any: sessions, count windows, windows by
 *   the clock
 */
export function twoPhasePanes<T, W extends Window>(
  assigner: WindowAssigner<T, W>,
): () => Pick<PaneLayout, 'paneOf'> {
  const { panes, aligned } = assigner
  if (panes !== undefined) return panes
  if (aligned === undefined || !assigner.isEventTime) {
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      'twoPhase() takes event-time windows that are known beforehand (tumbling, sliding, cumulative, ' +
        'calendar); sessions, count windows and windows by the clock are computed in one phase: ' +
        'leave twoPhase() out',
    )
  }
  const { sizeMs, slideMs, offsetMs } = aligned
  const paneOf: PaneLayout['paneOf'] = (timestampMs) => {
    const startMs = windowStartOf(timestampMs, offsetMs, slideMs)
    const gapMs = startMs + sizeMs // where the slide is longer than the size, nothing counts
    if (timestampMs < gapMs) return { startMs, endMs: Math.min(gapMs, startMs + slideMs) }
    return { startMs: gapMs, endMs: startMs + slideMs }
  }
  return () => ({ paneOf })
}
