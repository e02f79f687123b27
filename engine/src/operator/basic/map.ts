import type { RecordBatch } from '../../core/record-batch.ts'
import { functionSupplier } from '../function/function-supplier.ts'
import type { MapFunction } from '../function/functions.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { OperatorBase } from '../operator-base.ts'
import { handleRecordError } from '../record-error.ts'
import type { RecordStage } from '../record-stage.ts'

/** Turns each record into one record; the timestamp stays. */
export class MapOperator<IN, OUT> extends OperatorBase<OUT> implements OneInputOperator<IN> {
  readonly #map: (value: IN) => OUT

  constructor(fn: MapFunction<IN, OUT> | ((value: IN) => OUT)) {
    super(fn)
    this.#map = typeof fn === 'function' ? fn : (value) => fn.map(value)
  }

  processBatch(batch: RecordBatch<IN>): void {
    const { values, timestamps, length } = batch
    const output = this.output
    const map = this.#map
    let i = 0
    while (i < length) {
      let emitting = false // what is thrown while emitting is not this record's fault
      try {
        for (; i < length; i++) {
          const mapped = map(values[i] as IN)
          emitting = true
          output.collect(mapped, timestamps[i] as number)
          emitting = false
        }
      } catch (error) {
        if (emitting) throw error
        handleRecordError(this.context, error, values[i], timestamps[i] as number, i)
        i++
      }
    }
  }

  recordStage(): RecordStage {
    return {
      kind: 'map',
      call: this.#map,
      failed: (...failure) => handleRecordError(this.context, ...failure),
    }
  }

  endInput(): void {}
}

/** Makes {@link MapOperator}s. */
export function mapOperator<IN, OUT>(
  fn: MapFunction<IN, OUT> | ((value: IN) => OUT),
): OperatorFactory<OneInputOperator<IN>> {
  const make = functionSupplier(fn)
  return () => new MapOperator(make())
}
