import type { RecordBatch } from '../../src/core/record-batch.ts'
import type { OneInputOperator, OperatorFactory } from '../../src/operator/operator.ts'
import { OperatorBase } from '../../src/operator/operator-base.ts'

/**
 * Passes records on, and takes nothing for a while after each batch: barriers behind it come late,
 * so that the operators after it have to align.
 */
class SlowOperator<T> extends OperatorBase<T> implements OneInputOperator<T> {
  readonly #pauseMs: number

  constructor(pauseMs: number) {
    super()
    this.#pauseMs = pauseMs
  }

  processBatch(batch: RecordBatch<T>): void {
    const { values, timestamps, length } = batch
    for (let i = 0; i < length; i++) this.output.collect(values[i] as T, timestamps[i] as number)
    const { processingTime } = this.context
    this.context.setAvailable(false)
    processingTime.schedule(processingTime.nowMs() + this.#pauseMs, () =>
      this.context.setAvailable(true),
    )
  }

  endInput(): void {}
}

/** Makes operators that pause for `pauseMs` after each batch. */
export function slowOperator<T>(pauseMs: number): OperatorFactory<OneInputOperator<T>> {
  return () => new SlowOperator<T>(pauseMs)
}
