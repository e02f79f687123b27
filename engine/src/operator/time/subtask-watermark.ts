import { MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import type { OperatorListState } from '../../state/operator-state.ts'
import { plainData } from '../../types/plain-data.ts'
import type { OperatorContext } from '../operator-context.ts'
import type { WatermarkTracker } from './watermark-tracker.ts'

/** The watermark that a subtask had sent when its snapshot was drawn. */
interface StoredWatermark {
  readonly subtaskIndex: number
  readonly parallelism: number
  readonly watermarkMs: number
}

/**
 * The watermark of an operator that makes watermarks, kept across restores: without it, records
 * that were late before a failure would be in time after it.
 */
export class SubtaskWatermark {
  readonly #context: OperatorContext
  readonly #state: OperatorListState<StoredWatermark>
  /** The watermark to go on from; sent before the first record. */
  #restoredMs: number

  /** Reads the restored watermark; to be made in `initializeState`. */
  constructor(context: OperatorContext, stateName: string) {
    this.#context = context
    this.#state = context.operatorState.getUnionListState(stateName, plainData<StoredWatermark>())
    this.#restoredMs = this.#toGoOnFrom(this.#state.get())
  }

  /** True while a restored watermark has not been sent yet. */
  get isDue(): boolean {
    return this.#restoredMs > MIN_WATERMARK_MS
  }

  /** Sends the restored watermark, once; to be called before the first record. */
  sendRestored(tracker: Pick<WatermarkTracker<unknown>, 'restore'>): void {
    if (!this.isDue) return
    tracker.restore(this.#restoredMs)
    this.#restoredMs = MIN_WATERMARK_MS
  }

  /** Writes the watermark into the state; to be called in `snapshotState`. */
  store(trackedMs: number): void {
    const { subtaskIndex, parallelism } = this.#context.task
    const watermarkMs = Math.max(this.#restoredMs, trackedMs)
    this.#state.update([{ subtaskIndex, parallelism, watermarkMs }])
  }

  /** The subtask's own, or after a change of parallelism the lowest, which holds for all. */
  #toGoOnFrom(all: readonly StoredWatermark[]): number {
    const { subtaskIndex, parallelism } = this.#context.task
    const own = all.find((w) => w.subtaskIndex === subtaskIndex && w.parallelism === parallelism)
    if (own !== undefined) return own.watermarkMs
    return all.length === 0 ? MIN_WATERMARK_MS : Math.min(...all.map((w) => w.watermarkMs))
  }
}
