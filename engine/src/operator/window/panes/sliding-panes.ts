import { alignedWindowsOf } from '../assigners/aligned-windows-of.ts'
import type { AlignedWindows } from '../window-assigner.ts'
import { windowStartOf } from '../window-start.ts'
import type { Pane, PaneLayout } from './pane-layout.ts'

/**
 * The panes of sliding windows that overlap: the time between neighbouring boundaries, whether
 * windows start or end there. Where the slide does not divide the size that is two panes per slide,
 * never the many that their greatest common divisor would give.
 */
export function slidingPanes(windows: AlignedWindows): PaneLayout {
  const { sizeMs, slideMs, offsetMs } = windows
  /** How far behind a start the window that ends in this slide ends; 0 if it ends on the start. */
  const cutMs = sizeMs % slideMs
  const paneOf = (timestampMs: number): Pane => {
    const startMs = windowStartOf(timestampMs, offsetMs, slideMs)
    const middleMs = startMs + cutMs
    if (timestampMs < middleMs) return { startMs, endMs: middleMs }
    return { startMs: middleMs, endMs: startMs + slideMs }
  }
  return {
    isSingle: false,
    sharesStarts: false,
    paneOf,
    windowsOf: (pane) => alignedWindowsOf(pane.startMs, windows),
    paneStartsOf: (window) => {
      const starts: number[] = []
      for (let startMs = window.startMs; startMs < window.endMs; startMs += slideMs) {
        starts.push(startMs)
        if (cutMs > 0 && startMs + cutMs < window.endMs) starts.push(startMs + cutMs)
      }
      return starts
    },
  }
}
