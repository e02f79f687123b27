import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { NamespaceView } from '../../state/keyed-state-backend.ts'
import { VOID_NAMESPACE } from '../../state/namespace.ts'
import type { KeySelector } from '../function/functions.ts'
import { KeyedRecordOperator } from '../keyed/keyed-record-operator.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { functionError } from '../record-error.ts'
import { TimestampedCollector } from '../timestamped-collector.ts'
import type { KeyComputation, KeyComputationFactory } from './partition-computation.ts'

/**
 * Computes over all records of each key once the input has ended: at the watermark of its end,
 * which goes on behind the results.
 */
export class KeyedPartitionOperator<K, IN, OUT> extends KeyedRecordOperator<K, IN, OUT> {
  readonly #computation: KeyComputation<IN, unknown, OUT>
  #partitions!: NamespaceView<unknown>

  constructor(computation: KeyComputation<IN, unknown, OUT>, keySelector: KeySelector<IN, K>) {
    super(keySelector, ...computation.functions)
    this.#computation = computation
  }

  override initializeState(): void {
    super.initializeState()
    const table = this.context.keyedState.table('millrace-partition', this.#computation.type)
    this.#partitions = table.namespace(VOID_NAMESPACE)
  }

  protected override processRecord(value: IN): void {
    this.#partitions.fold(this.context.keyedState.currentKey, value, this.#computation.fold)
  }

  override processWatermark(timestampMs: number): void {
    if (timestampMs >= MAX_WATERMARK_MS) this.#emitAll()
    super.processWatermark(timestampMs)
  }

  override endKey(): void {
    this.#emitAll()
    super.endKey()
  }

  override endInput(): void {
    this.#emitAll()
  }

  #emitAll(): void {
    const collector = new TimestampedCollector<OUT>(this.output)
    const backend = this.context.keyedState
    try {
      this.#partitions.forEach((key, value) => {
        backend.setCurrentKey(key)
        this.#computation.emit(value, collector)
        this.#partitions.remove(key)
      })
    } catch (error) {
      this.guard.throwIfFailed()
      throw functionError(this.context, 'a partition at the end of the input', error)
    }
    this.guard.throwIfFailed()
  }
}

/** Makes {@link KeyedPartitionOperator}s. */
export function keyedPartitionOperator<K, IN, OUT>(
  make: KeyComputationFactory<IN, OUT>,
  keySelector: KeySelector<IN, K>,
): OperatorFactory<OneInputOperator<IN>> {
  return () => new KeyedPartitionOperator(make(), keySelector)
}
