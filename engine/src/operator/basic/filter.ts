import type { RecordBatch } from '../../core/record-batch.ts'
import { functionSupplier } from '../function/function-supplier.ts'
import type { FilterFunction } from '../function/functions.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { OperatorBase } from '../operator-base.ts'
import { handleRecordError } from '../record-error.ts'
import type { RecordStage } from '../record-stage.ts'

/** Keeps the records for which the function is true. */
export class FilterOperator<T> extends OperatorBase<T> implements OneInputOperator<T> {
  readonly #filter: (value: T) => boolean

  constructor(fn: FilterFunction<T> | ((value: T) => boolean)) {
    super(fn)
    this.#filter = typeof fn === 'function' ? fn : (value) => fn.filter(value)
  }

  processBatch(batch: RecordBatch<T>): void {
    const { values, timestamps, length } = batch
    const output = this.output
    const filter = this.#filter
    let i = 0
    while (i < length) {
      let emitting = false // what is thrown while emitting is not this record's fault
      try {
        for (; i < length; i++) {
          const value = values[i] as T
          if (!filter(value)) continue
          emitting = true
          output.collect(value, timestamps[i] as number)
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
      kind: 'filter',
      call: this.#filter,
      failed: (...failure) => handleRecordError(this.context, ...failure),
    }
  }

  endInput(): void {}
}

/** Makes {@link FilterOperator}s. */
export function filterOperator<T>(
  fn: FilterFunction<T> | ((value: T) => boolean),
): OperatorFactory<OneInputOperator<T>> {
  const make = functionSupplier(fn)
  return () => new FilterOperator(make())
}
