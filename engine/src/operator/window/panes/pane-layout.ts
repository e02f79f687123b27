import type { TimeWindow } from '../time-window.ts'

/** A stretch of time whose records are in the same windows. */
export interface Pane {
  readonly startMs: number
  readonly endMs: number
}

/** A {@link Pane} with the ends of the first and the last of its windows. */
export interface WindowedPane extends Pane {
  readonly firstEndMs: number
  readonly lastEndMs: number
}

/** How windows of one size follow each other over many panes. */
export interface SlidingLayout {
  readonly panesPerWindow: number
  /**
   * Where the merges of a window are split in two. Each window holds one split, behind its start
   * and not behind its end; windows that follow each other share it.
   */
  splitMsOf(window: TimeWindow): number
}

/**
 * How windows are laid out over panes. A record is added to one pane only; a window is what its
 * panes make together. No two windows end at the same time.
 */
export interface PaneLayout {
  /** The pane that holds a timestamp. */
  paneOf(timestampMs: number): WindowedPane
  /**
   * The windows that a pane belongs to, in the order in which a late record corrects them. If one
   * of them is also a window of an earlier pane, all that follow it are, too.
   */
  windowsOf(pane: Pane): Iterable<TimeWindow>
  /** The starts of the panes of a window, ascending. */
  paneStartsOf(window: TimeWindow): readonly number[]
  /** True if each window is one pane, so that nothing is ever merged. */
  readonly isSingle: boolean
  /** True if windows of one start follow each other, each covering the one before. */
  readonly sharesStarts: boolean
  /** Set if windows slide, so that each shares most of its panes with the one before. */
  readonly sliding?: SlidingLayout | undefined
}
