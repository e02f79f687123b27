import type { RecordBatch } from '../../core/record-batch.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { OperatorBase } from '../operator-base.ts'
import type { RecordStage } from '../record-stage.ts'
import { SubtaskWatermark } from './subtask-watermark.ts'
import type { WatermarkStrategy } from './watermark-strategy.ts'
import { WatermarkTracker } from './watermark-tracker.ts'

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
  #watermark!: SubtaskWatermark

  constructor(strategy: WatermarkStrategy<T>) {
    super()
    this.#strategy = strategy
  }

  override initializeState(): void {
    super.initializeState()
    this.#watermark = new SubtaskWatermark(this.context, 'watermark')
  }

  override open(): void {
    super.open()
    this.#tracker = new WatermarkTracker(this.#strategy, this.context)
    this.#tracker.start()
    if (this.#watermark.isDue) {
      this.context.execute(() => this.#watermark.sendRestored(this.#tracker))
    }
  }

  processBatch(batch: RecordBatch<T>): void {
    this.#watermark.sendRestored(this.#tracker)
    this.#tracker.processBatch(batch)
  }

  recordStage(): RecordStage {
    const beginBatch = (): void => this.#watermark.sendRestored(this.#tracker)
    return { ...this.#tracker.stage(), beginBatch }
  }

  override processWatermark(timestampMs: number): void {
    if (timestampMs >= MAX_WATERMARK_MS) this.#tracker.emitFinalWatermark()
  }

  override processWatermarkStatus(): void {}

  override snapshotState(checkpointId: number): void {
    super.snapshotState(checkpointId)
    this.#watermark.store(this.#tracker.currentWatermarkMs)
  }

  endInput(): void {}

  override close(): void {
    this.#tracker?.close()
    super.close()
  }
}

/** Makes {@link TimestampsAndWatermarksOperator}s. */
export function timestampsAndWatermarksOperator<T>(
  strategy: WatermarkStrategy<T>,
): OperatorFactory<OneInputOperator<T>> {
  return () => new TimestampsAndWatermarksOperator(strategy)
}
