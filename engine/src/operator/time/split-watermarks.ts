import { MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import type { TrackedSplit } from './tracked-split.ts'

/**
 * Combines the watermarks of the splits of one subtask, as `MinimumWatermarkMerger` does those of
 * channels, for splits that come and go.
 *
 * The laws: the combined watermark never goes back and is the lowest of the splits that count. A
 * split counts from the moment it is assigned, so that a split not begun holds the others back. An
 * idle split does not count; when it comes back it counts once it has caught up. A split that was
 * removed does not count. When no split is left that could be waited for, the combined watermark is
 * the highest that any split ever had.
 */
export class SplitWatermarks<T> {
  readonly #splits = new Map<string, TrackedSplit<T>>()
  #combinedMs: number = MIN_WATERMARK_MS
  #highestMs: number = MIN_WATERMARK_MS
  /** The split with the lowest watermark: only its advance, or another cast, changes anything. */
  #lowest: TrackedSplit<T> | undefined

  /** Goes on from a combined watermark that was sent before. */
  restore(watermarkMs: number): void {
    if (watermarkMs > this.#combinedMs) this.#combinedMs = watermarkMs
  }

  get isEmpty(): boolean {
    return this.#splits.size === 0
  }

  get(splitId: string): TrackedSplit<T> | undefined {
    return this.#splits.get(splitId)
  }

  add(splitId: string, split: TrackedSplit<T>): void {
    this.#splits.set(splitId, split)
    this.#lowest = undefined
  }

  remove(splitId: string): void {
    const split = this.#splits.get(splitId)
    if (split === undefined) return
    if (split.watermarkMs > this.#highestMs) this.#highestMs = split.watermarkMs
    this.#splits.delete(splitId)
    this.#lowest = undefined
  }

  /** All splits there are. */
  all(): MapIterator<TrackedSplit<T>> {
    return this.#splits.values()
  }

  /** True if no split is active; also if there is none. */
  get allIdle(): boolean {
    for (const split of this.#splits.values()) if (!split.idle) return false
    return true
  }

  /** A split was found idle. */
  setIdle(split: TrackedSplit<T>): void {
    split.idle = true
    this.#lowest = undefined
  }

  /** An idle split has a record again. */
  setActive(split: TrackedSplit<T>): void {
    split.idle = false
    split.caughtUp = split.watermarkMs >= this.#combinedMs
    this.#lowest = undefined
  }

  /** The combined watermark after `split` may have advanced. Cheap unless that was the lowest. */
  after(split: TrackedSplit<T>): number {
    if (!split.caughtUp && split.watermarkMs >= this.#combinedMs) {
      split.caughtUp = true
      this.#lowest = undefined
    }
    if (this.#lowest !== undefined && split !== this.#lowest) return this.#combinedMs
    return this.combine()
  }

  /** The combined watermark, looked up among all splits. */
  combine(): number {
    let lowest: TrackedSplit<T> | undefined
    let active = 0
    for (const split of this.#splits.values()) {
      if (split.watermarkMs > this.#highestMs) this.#highestMs = split.watermarkMs
      if (split.idle) continue
      active++
      if (!split.caughtUp && split.watermarkMs >= this.#combinedMs) split.caughtUp = true
      if (!split.caughtUp) continue
      if (lowest === undefined || split.watermarkMs < lowest.watermarkMs) lowest = split
    }
    this.#lowest = lowest
    const candidateMs = active === 0 ? this.#highestMs : (lowest?.watermarkMs ?? MIN_WATERMARK_MS)
    if (candidateMs > this.#combinedMs) this.#combinedMs = candidateMs
    return this.#combinedMs
  }
}
