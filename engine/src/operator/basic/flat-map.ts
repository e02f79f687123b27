import type { RecordBatch } from '../../core/record-batch.ts'
import { functionSupplier } from '../function/function-supplier.ts'
import type { Collector, FlatMapFunction } from '../function/functions.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import type { OperatorContext } from '../operator-context.ts'
import { handleRecordError } from '../record-error.ts'
import { RecordOperator } from '../record-operator.ts'
import type { RecordStage } from '../record-stage.ts'
import { TimestampedCollector } from '../timestamped-collector.ts'

/** Turns each record into any number of records, all with its timestamp. */
export class FlatMapOperator<IN, OUT> extends RecordOperator<IN, OUT> {
  readonly #flatMap: (value: IN, out: Collector<OUT>) => void
  #collector!: TimestampedCollector<OUT>

  constructor(fn: FlatMapFunction<IN, OUT> | ((value: IN, out: Collector<OUT>) => void)) {
    super(fn)
    this.#flatMap = typeof fn === 'function' ? fn : (value, out) => fn.flatMap(value, out)
  }

  override setup(context: OperatorContext): void {
    super.setup(context)
    this.#collector = new TimestampedCollector(this.output)
  }

  override processBatch(batch: RecordBatch<IN>): void {
    const { values, timestamps, length } = batch
    const collector = this.#collector
    const flatMap = this.#flatMap
    let i = 0
    while (i < length) {
      try {
        for (; i < length; i++) {
          collector.timestampMs = timestamps[i] as number
          flatMap(values[i] as IN, collector)
        }
      } catch (error) {
        this.guard.throwIfFailed()
        handleRecordError(this.context, error, values[i], timestamps[i] as number, i)
        i++
      }
    }
    this.guard.throwIfFailed()
  }

  recordStage(): RecordStage {
    return this.eachStage(this.processRecord.bind(this))
  }

  protected override processRecord(value: IN, timestampMs: number): void {
    this.#collector.timestampMs = timestampMs
    this.#flatMap(value, this.#collector)
  }
}

/** Makes {@link FlatMapOperator}s. */
export function flatMapOperator<IN, OUT>(
  fn: FlatMapFunction<IN, OUT> | ((value: IN, out: Collector<OUT>) => void),
): OperatorFactory<OneInputOperator<IN>> {
  const make = functionSupplier(fn)
  return () => new FlatMapOperator(make())
}
