import type { RecordBatch } from '../../core/record-batch.ts'
import type { OperatorListState } from '../../state/operator-state.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { OperatorBase } from '../operator-base.ts'
import type { FeedbackChannel, FeedbackRecord } from './feedback-channel.ts'
import { type FeedbackLoop, FIRST_PROBE_MS } from './feedback-loop.ts'
import type { Iteration } from './iteration.ts'

/** Where a loop goes back to its head. Emits nothing itself. */
export class IterationTailOperator<T> extends OperatorBase<never> implements OneInputOperator<T> {
  readonly #iteration: Iteration<T>
  #loop!: FeedbackLoop<T>
  #channel!: FeedbackChannel<T>
  #state!: OperatorListState<FeedbackRecord<T>>

  constructor(iteration: Iteration<T>) {
    super()
    this.#iteration = iteration
  }

  override initializeState(): void {
    super.initializeState()
    const { task, operatorState } = this.context
    this.#loop = this.#iteration.loopOf(task)
    this.#channel = this.#loop.channel(task)
    this.#state = operatorState.getListState<FeedbackRecord<T>>('millrace-feedback-log')
    for (const { value, timestampMs } of this.#state.get()) this.#channel.send(value, timestampMs)
  }

  processBatch(batch: RecordBatch<T>): void {
    const { values, timestamps, length } = batch
    for (let i = 0; i < length; i++) this.#channel.send(values[i] as T, timestamps[i] as number)
  }

  override processWatermark(timestampMs: number): void {
    if (timestampMs < FIRST_PROBE_MS) return
    this.#loop.probeArrived(this.context.task.subtaskIndex, timestampMs)
  }

  override processWatermarkStatus(): void {}

  override snapshotState(checkpointId: number): void {
    super.snapshotState(checkpointId)
    this.#state.update(this.#channel.endLog(checkpointId))
  }

  endInput(): void {}
}

/** Makes {@link IterationTailOperator}s. */
export function iterationTailOperator<T>(
  iteration: Iteration<T>,
): OperatorFactory<OneInputOperator<T>> {
  return () => new IterationTailOperator(iteration)
}
