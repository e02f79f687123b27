import { contentsSize } from './contents-size.ts'
import type { PaneMerger } from './pane-merger.ts'

/** How much larger than its panes the merges of a key may be, in all. */
const LARGEST_RATIO = 4

/** What merges may take beyond that, in words, so that chance differences do not count. */
const ALLOWANCE = 64

/**
 * The panes of one key before a split, the earliest on top, each with what it and all those behind
 * it, up to the split, make together.
 *
 * Lists and sets grow with each merge: a stack of them would be as large as the square of the
 * window. The stack notices, keeps no merges then, and walks over its panes instead.
 */
export class FrontStack {
  readonly #merger: PaneMerger
  readonly #startsMs: number[] = []
  /** As many as panes; undefined once they are too large. */
  #merges: unknown[] | undefined = []
  #paneSize = 0
  #mergedSize = 0

  constructor(merger: PaneMerger) {
    this.#merger = merger
  }

  get isEmpty(): boolean {
    return this.#startsMs.length === 0
  }

  get mergeCount(): number {
    return this.#merges?.length ?? 0
  }

  /** Puts the pane on top that comes before all others. */
  push(startMs: number, contents: unknown): void {
    const merges = this.#merges
    this.#startsMs.push(startMs)
    if (merges === undefined) return
    const first = this.#merger.add(undefined, contents)
    const merged = merges.length === 0 ? first : this.#merger.add(first, merges.at(-1))
    merges.push(merged)
    this.#paneSize += contentsSize(contents)
    this.#mergedSize += contentsSize(merged)
    // Written so that sizes that are not finite are too large.
    const fits = this.#mergedSize <= LARGEST_RATIO * this.#paneSize + ALLOWANCE
    if (!(fits && this.#mergedSize < Number.POSITIVE_INFINITY)) this.#merges = undefined
  }

  /** Takes the panes off that start before a time. */
  popBefore(timeMs: number): void {
    const startsMs = this.#startsMs
    while (startsMs.length > 0 && (startsMs.at(-1) as number) < timeMs) {
      startsMs.pop()
      this.#merges?.pop()
    }
  }

  /** What all panes make together, for the caller to change; undefined if there are none. */
  merged(contentsOf: (startMs: number) => unknown): unknown {
    if (this.isEmpty) return undefined
    if (this.#merges !== undefined) return this.#merger.add(undefined, this.#merges.at(-1))
    let merged: unknown
    for (let i = this.#startsMs.length - 1; i >= 0; i--) {
      merged = this.#merger.add(merged, contentsOf(this.#startsMs[i] as number))
    }
    return merged
  }
}
