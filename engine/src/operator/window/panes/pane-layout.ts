import type { TimeWindow } from '../time-window.ts'

/** A stretch of time whose records are in the same windows. */
export interface Pane {
  readonly startMs: number
  readonly endMs: number
}

/**
 * How windows are laid out over panes. A record is added to one pane only; a window is what its
 * panes make together. No two windows end at the same time.
 */
export interface PaneLayout {
  /** The pane that holds a timestamp. */
  paneOf(timestampMs: number): Pane
  /** The windows that a pane belongs to, in the order in which a late record corrects them. */
  windowsOf(pane: Pane): readonly TimeWindow[]
  /** The starts of the panes of a window, ascending. */
  paneStartsOf(window: TimeWindow): readonly number[]
  /** True if each window is one pane, so that nothing is ever merged. */
  readonly isSingle: boolean
  /** True if windows of one start follow each other, each covering the one before. */
  readonly sharesStarts: boolean
}
