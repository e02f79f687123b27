import type { CalendarBoundaries } from '../assigners/calendar-boundaries.ts'
import type { PaneLayout } from './pane-layout.ts'

/** Calendar windows do not overlap: each is one pane. */
export function calendarPanes(boundaries: CalendarBoundaries): PaneLayout {
  return {
    isSingle: true,
    sharesStarts: false,
    paneOf: (timestampMs) => {
      const { startMs, endMs } = boundaries.windowOf(timestampMs)
      return { startMs, endMs, firstEndMs: endMs, lastEndMs: endMs }
    },
    windowsOf: (pane) => [boundaries.windowOf(pane.startMs)],
    paneStartsOf: (window) => [window.startMs],
  }
}
