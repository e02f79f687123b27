import { TimeWindow } from '../time-window.ts'
import type { AlignedWindows } from '../window-assigner.ts'
import { windowStartOf } from '../window-start.ts'
import type { PaneLayout, WindowedPane } from './pane-layout.ts'

/**
 * The panes of sliding windows that overlap: the time between neighbouring boundaries, whether
 * windows start or end there. Where the slide does not divide the size that is two panes per slide,
 * never the many that their greatest common divisor would give.
 */
export function slidingPanes(windows: AlignedWindows): PaneLayout {
  const { sizeMs, slideMs, offsetMs } = windows
  /** How far behind a start the window that ends in this slide ends; 0 if it ends on the start. */
  const cutMs = sizeMs % slideMs
  /** Whole slides, so that a split is the start of a window, and no more than a window holds. */
  const splitEveryMs = sizeMs - cutMs
  const paneOf = (timestampMs: number): WindowedPane => {
    const startMs = windowStartOf(timestampMs, offsetMs, slideMs)
    const middleMs = startMs + cutMs
    const nextMs = startMs + slideMs
    const lastEndMs = startMs + sizeMs
    if (timestampMs < middleMs) return { startMs, endMs: middleMs, firstEndMs: middleMs, lastEndMs }
    return { startMs: middleMs, endMs: nextMs, firstEndMs: nextMs + cutMs, lastEndMs }
  }
  return {
    isSingle: false,
    sharesStarts: false,
    paneOf,
    *windowsOf(pane) {
      // One by one: mostly only the newest of them is asked for.
      const newestMs = windowStartOf(pane.startMs, offsetMs, slideMs)
      for (let startMs = newestMs; startMs > pane.startMs - sizeMs; startMs -= slideMs) {
        yield new TimeWindow(startMs, startMs + sizeMs)
      }
    },
    paneStartsOf: (window) => {
      const starts: number[] = []
      for (let startMs = window.startMs; startMs < window.endMs; startMs += slideMs) {
        starts.push(startMs)
        if (cutMs > 0 && startMs + cutMs < window.endMs) starts.push(startMs + cutMs)
      }
      return starts
    },
    sliding: {
      panesPerWindow: Math.floor(sizeMs / slideMs) * (cutMs > 0 ? 2 : 1) + (cutMs > 0 ? 1 : 0),
      splitMsOf: ({ startMs }) => windowStartOf(startMs, offsetMs, splitEveryMs) + splitEveryMs,
    },
  }
}
