import type { KeyIdentity } from '../../../types/key-identity.ts'
import type { TimeWindow } from '../time-window.ts'
import type { FiringMerge, FiringMergeOptions } from './firing-merge.ts'
import type { MergedContents } from './pane-merger.ts'

/** What was merged for the last window that fired: the begin of the next one with its start. */
interface Prefix {
  readonly startMs: number
  readonly endMs: number
  readonly merged: Map<KeyIdentity, MergedContents>
}

/**
 * Walks over all panes of a window when it fires: the quickest where they are few. Windows of one
 * start (cumulative ones) build on each other: each adds its last pane to what the one before has
 * merged.
 */
export class WalkMerge implements FiringMerge {
  readonly #options: FiringMergeOptions
  #prefix: Prefix | undefined

  constructor(options: FiringMergeOptions) {
    this.#options = options
  }

  forEach(window: TimeWindow, visit: (key: unknown, value: unknown) => void): void {
    for (const { key, value } of this.#merge(window).values()) visit(key, value)
  }

  changed(): void {
    this.#prefix = undefined
  }

  reset(): void {
    this.#prefix = undefined
  }

  /** The contents of all keys of a window. */
  #merge(window: TimeWindow): Map<KeyIdentity, MergedContents> {
    const { layout, merger, viewOf } = this.#options
    const { startMs, endMs } = window
    const prefix = this.#prefix?.startMs === startMs ? this.#prefix : undefined
    const merged = prefix?.merged ?? new Map<KeyIdentity, MergedContents>()
    const fromMs = prefix?.endMs ?? startMs
    for (const paneMs of layout.paneStartsOf(window)) {
      if (paneMs < fromMs) continue
      viewOf(paneMs)?.forEach((key, contents) => merger.addTo(merged, key, contents))
    }
    this.#prefix = layout.sharesStarts ? { startMs, endMs, merged } : undefined
    return merged
  }
}
