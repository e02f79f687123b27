import { type KeyIdentity, keyIdentity } from '../../../types/key-identity.ts'
import type { TimeWindow } from '../time-window.ts'
import type { FiringMerge, FiringMergeOptions, PaneView } from './firing-merge.ts'
import { FrontStack } from './front-stack.ts'
import type { Pane, SlidingLayout } from './pane-layout.ts'

/** A pane that is there. */
interface FoundPane {
  readonly startMs: number
  readonly view: NonNullable<PaneView>
}

/** What is merged of one key, for windows that hold the same split. */
interface KeyMerges {
  readonly key: unknown
  /** Its panes before the split. */
  readonly front: FrontStack
  /** What its panes from the split on make together, as far as windows have fired. */
  back: unknown
}

/**
 * Merges panes of sliding windows with at most three merges per key, pane and firing, however many
 * panes a window has. A window is cut at its split. What lies before the split only loses panes
 * from one window to the next: it is a stack of merges that end at the split, made once, of which
 * panes are popped. What lies behind only gains panes, and is merged as they come. When the start
 * of the windows reaches the split, the next stack is made up to the next split.
 *
 * Splits are points in time, not results of what came before. So panes are put in the same brackets
 * whether or not a task was restored, and sums of fractions come out the same to the last bit.
 *
 * Merges are kept of no more panes and keys than the last window had, none that grow (see
 * {@link FrontStack}); a key whose panes have left the window is forgotten. A late record costs its
 * key a walk over the panes of the next window.
 *
 * @see https://doi.org/10.1145/3093742.3093925 (Tangwongsan et al., the two stacks)
 * @see https://doi.org/10.1016/0167-8655(92)90069-C (van Herk, the fixed splits)
 */
export class TwoStackMerge implements FiringMerge {
  readonly #options: FiringMergeOptions
  readonly #sliding: SlidingLayout
  readonly #keys = new Map<KeyIdentity, KeyMerges>()
  /** Keys that late records have changed in panes that were merged already. */
  readonly #stale = new Map<KeyIdentity, unknown>()
  #splitMs = Number.NEGATIVE_INFINITY
  /** The panes from the split up to here are in the backs. */
  #mergedMs = Number.NEGATIVE_INFINITY

  constructor(options: FiringMergeOptions, sliding: SlidingLayout) {
    this.#options = options
    this.#sliding = sliding
  }

  /** How many merges are kept, for tests of that bound. */
  get mergeCount(): number {
    let count = 0
    for (const { front, back } of this.#keys.values()) {
      count += front.mergeCount + (back === undefined ? 0 : 1)
    }
    return count
  }

  forEach(window: TimeWindow, visit: (key: unknown, value: unknown) => void): void {
    this.#moveTo(window)
    const { merger, viewOf } = this.#options
    for (const [identity, { key, front, back }] of this.#keys) {
      front.popBefore(window.startMs)
      if (front.isEmpty && back === undefined) {
        this.#keys.delete(identity)
        continue
      }
      const first = front.merged((startMs) => viewOf(startMs)?.get(key))
      visit(key, back === undefined ? first : merger.add(first, back))
    }
  }

  changed(key: unknown, pane: Pane): void {
    if (pane.startMs < this.#mergedMs) this.#stale.set(keyIdentity(key), key)
  }

  reset(): void {
    this.#keys.clear()
    this.#stale.clear()
    this.#splitMs = Number.NEGATIVE_INFINITY
    this.#mergedMs = Number.NEGATIVE_INFINITY
  }

  /** Brings the merges of all keys to where they serve a window. */
  #moveTo(window: TimeWindow): void {
    const splitMs = this.#sliding.splitMsOf(window)
    if (splitMs === this.#splitMs) this.#mergeAnew(window.startMs)
    else this.#beginAt(splitMs, window.startMs)
    const { merger } = this.#options
    for (const { view } of this.#panesIn(this.#mergedMs, window.endMs)) {
      view.forEach((key, contents) => {
        const merges = this.#mergesOf(key)
        merges.back = merger.add(merges.back, contents)
      })
    }
    this.#mergedMs = window.endMs
  }

  /** Makes the stacks of the windows from a start on, up to their split. */
  #beginAt(splitMs: number, startMs: number): void {
    this.reset()
    this.#splitMs = splitMs
    this.#mergedMs = splitMs
    for (const pane of this.#panesIn(startMs, splitMs).reverse()) {
      pane.view.forEach((key, contents) => {
        this.#mergesOf(key).front.push(pane.startMs, contents)
      })
    }
  }

  /** Merges the panes of keys again that late records have changed. */
  #mergeAnew(startMs: number): void {
    if (this.#stale.size === 0) return
    const { merger } = this.#options
    const before = this.#panesIn(startMs, this.#splitMs).reverse()
    const behind = this.#panesIn(this.#splitMs, this.#mergedMs)
    for (const [identity, key] of this.#stale) {
      this.#keys.delete(identity)
      const merges = this.#mergesOf(key)
      for (const pane of before) {
        const contents = pane.view.get(key)
        if (contents !== undefined) merges.front.push(pane.startMs, contents)
      }
      for (const { view } of behind) {
        const contents = view.get(key)
        if (contents !== undefined) merges.back = merger.add(merges.back, contents)
      }
    }
    this.#stale.clear()
  }

  #mergesOf(key: unknown): KeyMerges {
    const identity = keyIdentity(key)
    const known = this.#keys.get(identity)
    if (known !== undefined) return known
    const merges = { key, front: new FrontStack(this.#options.merger), back: undefined }
    this.#keys.set(identity, merges)
    return merges
  }

  /** The panes of a stretch of time, ascending. */
  #panesIn(fromMs: number, toMs: number): FoundPane[] {
    const { layout, viewOf } = this.#options
    const panes: FoundPane[] = []
    for (let startMs = fromMs; startMs < toMs; startMs = layout.paneOf(startMs).endMs) {
      const view = viewOf(startMs)
      if (view !== undefined) panes.push({ startMs, view })
    }
    return panes
  }
}
