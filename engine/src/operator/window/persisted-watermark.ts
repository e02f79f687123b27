import { MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import type { OperatorListState } from '../../state/operator-state.ts'
import { types } from '../../types/types.ts'
import type { OperatorContext } from '../operator-context.ts'

/** The watermark of one subtask when its snapshot was drawn, with the key groups it owned. */
interface StoredWatermark {
  readonly firstKeyGroup: number
  readonly lastKeyGroup: number
  readonly watermarkMs: number
}

const STORED_TYPE = types.row({
  firstKeyGroup: types.int,
  lastKeyGroup: types.int,
  watermarkMs: types.number,
})

/**
 * The watermark of a window operator, kept across restores.
 *
 * The watermark decides which records are late and which windows have fired. A restored task sees
 * watermarks start anew from the beginning of time; if the operator forgot its own, records
 * replayed after a crash would be on time that were late before it, and the results would differ.
 * So each subtask stores its watermark with its key groups, and a restored one goes on from the
 * lowest watermark that any of its key groups had: its own if the parallelism stays.
 */
export class PersistedWatermark {
  /** The watermark. Only grows, but for {@link beginAnew}. */
  currentMs: number = MIN_WATERMARK_MS
  readonly #context: OperatorContext
  readonly #state: OperatorListState<StoredWatermark>

  /** Reads the restored watermark; to be made in `initializeState`. */
  constructor(context: OperatorContext) {
    this.#context = context
    this.#state = context.operatorState.getUnionListState('millrace-watermark', STORED_TYPE)
    const { first, last } = context.keyedState.keyGroupRange
    const owned = this.#state
      .get()
      .filter((stored) => stored.firstKeyGroup <= last && stored.lastKeyGroup >= first)
      .map((stored) => stored.watermarkMs)
    if (owned.length > 0) this.currentMs = Math.min(...owned)
  }

  /** Takes a watermark of the input. Returns whether it is an advance. */
  advance(watermarkMs: number): boolean {
    if (watermarkMs <= this.currentMs) return false
    this.currentMs = watermarkMs
    return true
  }

  /** Goes back to the beginning of event time, for the next key in BATCH. */
  beginAnew(): void {
    this.currentMs = MIN_WATERMARK_MS
  }

  /** Writes the watermark into the state; to be called in `snapshotState`. */
  store(): void {
    const { first, last } = this.#context.keyedState.keyGroupRange
    this.#state.update([{ firstKeyGroup: first, lastKeyGroup: last, watermarkMs: this.currentMs }])
  }
}
