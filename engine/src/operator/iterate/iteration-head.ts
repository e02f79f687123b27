import type { RecordBatch } from '../../core/record-batch.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { OperatorListState } from '../../state/operator-state.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { OperatorBase } from '../operator-base.ts'
import type { FeedbackChannel, FeedbackRecord } from './feedback-channel.ts'
import type { FeedbackLoop, LoopHead } from './feedback-loop.ts'
import type { Iteration } from './iteration.ts'

/**
 * Where a loop begins: passes its input on, and what comes back, which goes before new input. When
 * the input has ended it waits until the loop has come to rest.
 */
export class IterationHeadOperator<T>
  extends OperatorBase<T>
  implements OneInputOperator<T>, LoopHead
{
  readonly #iteration: Iteration<T>
  #loop!: FeedbackLoop<T>
  #channel!: FeedbackChannel<T>
  #state!: OperatorListState<FeedbackRecord<T>>
  #isOver = false

  constructor(iteration: Iteration<T>) {
    super()
    this.#iteration = iteration
  }

  override initializeState(): void {
    super.initializeState()
    const { task, operatorState } = this.context
    this.#loop = this.#iteration.loopOf(task)
    this.#channel = this.#loop.channel(task)
    this.#state = operatorState.getListState<FeedbackRecord<T>>('millrace-feedback')
    for (const { value, timestampMs } of this.#state.get()) this.#channel.send(value, timestampMs)
  }

  override open(): void {
    super.open()
    this.#channel.onReadable(() => this.context.execute(() => this.#takeFeedback()))
  }

  processBatch(batch: RecordBatch<T>): void {
    const { values, timestamps, length } = batch
    const output = this.output
    for (let i = 0; i < length; i++) output.collect(values[i] as T, timestamps[i] as number)
  }

  /** The watermark of the end waits until the loop is at rest. */
  override processWatermark(timestampMs: number): void {
    if (timestampMs < MAX_WATERMARK_MS) this.output.emitWatermark(timestampMs)
  }

  override snapshotState(checkpointId: number): void {
    super.snapshotState(checkpointId)
    this.#state.update(this.#channel.beginLog(checkpointId))
  }

  endInput(): void {
    this.#loop.inputEnded(this.context.task.subtaskIndex, this)
  }

  hasPendingWork(): boolean {
    return !this.#isOver
  }

  override finish(): void {
    this.output.emitWatermark(MAX_WATERMARK_MS)
    super.finish()
  }

  probe(timestampMs: number): void {
    this.context.execute(() => {
      this.#takeFeedback()
      this.output.emitWatermark(timestampMs)
    })
  }

  end(): void {
    this.context.execute(() => {
      this.#isOver = true
    })
  }

  /** What operators of the body emit when they finish comes too late, and is only counted. */
  #takeFeedback(): void {
    const output = this.output
    if (this.#isOver) {
      const dropped = this.context.metrics.counter('numFeedbackDropped')
      while (this.#channel.take() !== undefined) dropped.add(1)
      return
    }
    for (let one = this.#channel.take(); one !== undefined; one = this.#channel.take()) {
      output.collect(one.value, one.timestampMs)
    }
  }
}

/** Makes {@link IterationHeadOperator}s. */
export function iterationHeadOperator<T>(
  iteration: Iteration<T>,
): OperatorFactory<OneInputOperator<T>> {
  return () => new IterationHeadOperator(iteration)
}
