import { TimeWindow } from '../time-window.ts'
import type { AlignedWindows } from '../window-assigner.ts'
import { windowStartOf } from '../window-start.ts'

/** The windows that hold a timestamp, newest first. None if it falls between two windows. */
export function alignedWindowsOf(timestampMs: number, windows: AlignedWindows): TimeWindow[] {
  const { sizeMs, slideMs, offsetMs } = windows
  const found: TimeWindow[] = []
  const newestMs = windowStartOf(timestampMs, offsetMs, slideMs)
  for (let startMs = newestMs; startMs > timestampMs - sizeMs; startMs -= slideMs) {
    found.push(new TimeWindow(startMs, startMs + sizeMs))
  }
  return found
}
