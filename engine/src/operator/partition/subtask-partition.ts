import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { OperatorListState } from '../../state/operator-state.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { functionError } from '../record-error.ts'
import { RecordOperator } from '../record-operator.ts'
import { TimestampedCollector } from '../timestamped-collector.ts'
import type { PartitionComputation, PartitionComputationFactory } from './partition-computation.ts'

/**
 * Computes over all records of the subtask once the input has ended: at the watermark of its end.
 * After a change of the parallelism the parts of the old subtasks are joined to partitions of the
 * new ones, or some of those begin empty.
 */
export class SubtaskPartitionOperator<IN, OUT> extends RecordOperator<IN, OUT> {
  readonly #computation: PartitionComputation<IN, unknown, OUT>
  #state!: OperatorListState<unknown>
  #value: unknown

  constructor(computation: PartitionComputation<IN, unknown, OUT>) {
    super(...computation.functions)
    this.#computation = computation
  }

  override initializeState(): void {
    super.initializeState()
    const { merge, type } = this.#computation
    this.#state = this.context.operatorState.getListState('millrace-partition', type)
    for (const part of this.#state.get()) {
      this.#value = this.#value === undefined ? part : merge(this.#value, part)
    }
  }

  override snapshotState(checkpointId: number): void {
    super.snapshotState(checkpointId)
    this.#state.update(this.#value === undefined ? [] : [this.#value])
  }

  protected override processRecord(value: IN): void {
    this.#value = this.#computation.fold(this.#value, value)
  }

  override processWatermark(timestampMs: number): void {
    if (timestampMs >= MAX_WATERMARK_MS) this.#emit()
    super.processWatermark(timestampMs)
  }

  override endInput(): void {
    this.#emit()
  }

  #emit(): void {
    const value = this.#value
    if (value === undefined) return
    this.#value = undefined
    try {
      this.#computation.emit(value, new TimestampedCollector<OUT>(this.output))
    } catch (error) {
      this.guard.throwIfFailed()
      throw functionError(this.context, 'the partition at the end of the input', error)
    }
    this.guard.throwIfFailed()
  }
}

/** Makes {@link SubtaskPartitionOperator}s. */
export function subtaskPartitionOperator<IN, OUT>(
  make: PartitionComputationFactory<IN, OUT>,
): OperatorFactory<OneInputOperator<IN>> {
  return () => new SubtaskPartitionOperator(make())
}
