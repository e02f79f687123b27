import type { NamespaceView } from '../../../state/keyed-state-backend.ts'
import type { TimeWindow } from '../time-window.ts'
import type { Pane, PaneLayout } from './pane-layout.ts'
import type { PaneMerger } from './pane-merger.ts'

/**
 * Merges the panes of windows that fire. What it keeps from one firing to the next is no state: all
 * of it follows from the panes, and is made of them anew after a restore.
 */
export interface FiringMerge {
  /**
   * Visits each key that has contents in a window, with what its panes make together. No later
   * merge changes that, but for windows that share starts: there the next one goes on with it.
   * Windows have to come in the order of their ends.
   */
  forEach(window: TimeWindow, visit: (key: unknown, value: unknown) => void): void
  /** Says that a late record has changed the contents of a key in a pane. */
  changed(key: unknown, pane: Pane): void
  /** Forgets everything: no window waits any more, and time may begin anew. */
  reset(): void
}

/** The contents of a pane, if it has any. */
export type PaneView = NamespaceView<unknown> | undefined

/** What a {@link FiringMerge} is made of. */
export interface FiringMergeOptions {
  readonly layout: PaneLayout
  readonly merger: PaneMerger
  readonly viewOf: (paneStartMs: number) => PaneView
}
