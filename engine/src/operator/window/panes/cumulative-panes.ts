import { TimeWindow } from '../time-window.ts'
import { windowStartOf } from '../window-start.ts'
import type { PaneLayout } from './pane-layout.ts'

/** Windows that grow by `stepMs` up to `maxSizeMs`. */
interface CumulativeWindows {
  readonly maxSizeMs: number
  readonly stepMs: number
  readonly offsetMs: number
}

/** The panes of cumulative windows: their steps. */
export function cumulativePanes({ maxSizeMs, stepMs, offsetMs }: CumulativeWindows): PaneLayout {
  return {
    isSingle: false,
    sharesStarts: true,
    paneOf: (timestampMs) => {
      // Starts of a maximum are starts of steps too: it is a multiple of the step.
      const startMs = windowStartOf(timestampMs, offsetMs % stepMs, stepMs)
      const endMs = startMs + stepMs
      const lastEndMs = windowStartOf(startMs, offsetMs, maxSizeMs) + maxSizeMs
      return { startMs, endMs, firstEndMs: endMs, lastEndMs }
    },
    windowsOf: (pane) => {
      const startMs = windowStartOf(pane.startMs, offsetMs, maxSizeMs)
      const windows: TimeWindow[] = []
      for (let endMs = pane.endMs; endMs <= startMs + maxSizeMs; endMs += stepMs) {
        windows.push(new TimeWindow(startMs, endMs))
      }
      return windows
    },
    paneStartsOf: ({ startMs, endMs }) => {
      const starts: number[] = []
      for (let paneMs = startMs; paneMs < endMs; paneMs += stepMs) starts.push(paneMs)
      return starts
    },
  }
}
