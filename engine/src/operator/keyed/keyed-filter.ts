import { functionSupplier } from '../function/function-supplier.ts'
import type { FilterFunction, KeySelector } from '../function/functions.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import type { RecordStage } from '../record-stage.ts'
import { KeyedRecordOperator } from './keyed-record-operator.ts'

/** Keeps records of a keyed stream; the function may use keyed state (to drop duplicates, say). */
export class KeyedFilterOperator<K, T> extends KeyedRecordOperator<K, T, T> {
  readonly #fn: FilterFunction<T>

  constructor(fn: FilterFunction<T>, keySelector: KeySelector<T, K>) {
    super(keySelector, fn)
    this.#fn = fn
  }

  recordStage(): RecordStage {
    return this.keyedStage('filter', (value) => this.#fn.filter(value))
  }

  protected override processRecord(value: T, timestampMs: number): void {
    if (this.#fn.filter(value)) this.output.collect(value, timestampMs)
  }
}

/** Makes {@link KeyedFilterOperator}s. */
export function keyedFilterOperator<K, T>(
  fn: FilterFunction<T>,
  keySelector: KeySelector<T, K>,
): OperatorFactory<OneInputOperator<T>> {
  const make = functionSupplier(fn)
  return () => new KeyedFilterOperator(make(), keySelector)
}
