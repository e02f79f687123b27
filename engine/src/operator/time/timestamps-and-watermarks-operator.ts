import type { RecordBatch } from '../../core/record-batch.ts'
import { MAX_WATERMARK_MS, MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import type { OperatorListState } from '../../state/operator-state.ts'
import { plainData } from '../../types/plain-data.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { OperatorBase } from '../operator-base.ts'
import type { WatermarkStrategy } from './watermark-strategy.ts'
import { WatermarkTracker } from './watermark-tracker.ts'

/** The watermark of a subtask as it is kept in state. */
interface SubtaskWatermark {
  readonly subtaskIndex: number
  readonly parallelism: number
  readonly watermarkMs: number
}

/**
 * Assigns timestamps and makes watermarks in the middle of a job. Watermarks and statuses from
 * upstream stand for the old timestamps and end here, except the last watermark.
 *
 * The watermark is kept in operator state: without it, records that were late before a failure
 * would be in time after it, and windows that had fired would fire again.
 */
export class TimestampsAndWatermarksOperator<T>
  extends OperatorBase<T>
  implements OneInputOperator<T>
{
  readonly #strategy: WatermarkStrategy<T>
  #tracker!: WatermarkTracker<T>
  #watermarkState!: OperatorListState<SubtaskWatermark>
  /** The watermark to go on from; sent before the first record. */
  #restoredMs: number = MIN_WATERMARK_MS

  constructor(strategy: WatermarkStrategy<T>) {
    super()
    this.#strategy = strategy
  }

  override initializeState(): void {
    super.initializeState()
    this.#watermarkState = this.context.operatorState.getUnionListState('watermark', plainData())
    this.#restoredMs = this.#watermarkToGoOnFrom(this.#watermarkState.get())
  }

  override open(): void {
    super.open()
    this.#tracker = new WatermarkTracker(this.#strategy, this.context)
    this.#tracker.start()
    if (this.#restoredMs > MIN_WATERMARK_MS) this.context.execute(() => this.#sendRestored())
  }

  processBatch(batch: RecordBatch<T>): void {
    this.#sendRestored()
    this.#tracker.processBatch(batch)
  }

  override processWatermark(timestampMs: number): void {
    if (timestampMs >= MAX_WATERMARK_MS) this.#tracker.emitFinalWatermark()
  }

  override processWatermarkStatus(): void {}

  override snapshotState(checkpointId: number): void {
    super.snapshotState(checkpointId)
    const { subtaskIndex, parallelism } = this.context.task
    const watermarkMs = Math.max(this.#restoredMs, this.#tracker.currentWatermarkMs)
    this.#watermarkState.update([{ subtaskIndex, parallelism, watermarkMs }])
  }

  endInput(): void {}

  override close(): void {
    this.#tracker?.close()
    super.close()
  }

  /**
   * The subtask's own watermark, or after a change of parallelism the lowest, which holds for all.
   */
  #watermarkToGoOnFrom(all: readonly SubtaskWatermark[]): number {
    const { subtaskIndex, parallelism } = this.context.task
    const own = all.find((w) => w.subtaskIndex === subtaskIndex && w.parallelism === parallelism)
    if (own !== undefined) return own.watermarkMs
    return all.length === 0 ? MIN_WATERMARK_MS : Math.min(...all.map((w) => w.watermarkMs))
  }

  #sendRestored(): void {
    if (this.#restoredMs === MIN_WATERMARK_MS) return
    this.#tracker.restore(this.#restoredMs)
    this.#restoredMs = MIN_WATERMARK_MS
  }
}

/** Makes {@link TimestampsAndWatermarksOperator}s. */
export function timestampsAndWatermarksOperator<T>(
  strategy: WatermarkStrategy<T>,
): OperatorFactory<OneInputOperator<T>> {
  return () => new TimestampsAndWatermarksOperator(strategy)
}
