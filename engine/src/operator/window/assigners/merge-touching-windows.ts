import type { TimeWindow } from '../time-window.ts'

/** Calls `onMerge` for each set of windows that overlap or touch, directly or by others. */
export function mergeTouchingWindows(
  windows: readonly TimeWindow[],
  onMerge: (result: TimeWindow, merged: readonly TimeWindow[]) => void,
): void {
  const sorted = [...windows].sort((left, right) => left.startMs - right.startMs)
  let cover: TimeWindow | undefined
  let members: TimeWindow[] = []
  for (const window of sorted) {
    if (cover?.touches(window)) {
      cover = cover.cover(window)
      members.push(window)
      continue
    }
    if (cover !== undefined && members.length > 1) onMerge(cover, members)
    cover = window
    members = [window]
  }
  if (cover !== undefined && members.length > 1) onMerge(cover, members)
}
