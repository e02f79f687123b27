import { functionSupplier } from '../function/function-supplier.ts'
import type { KeySelector, ReduceFunction } from '../function/functions.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { KeyedRecordOperator } from './keyed-record-operator.ts'

/**
 * The reduce of bounded input: folds the records of a key and emits the last value alone, once the
 * key has ended, with the timestamp of its last record. Needs input that comes one key at a time.
 */
export class BoundedReduceOperator<K, T> extends KeyedRecordOperator<K, T, T> {
  readonly #reduce: (left: T, right: T) => T
  #isEmpty = true
  #value!: T
  #timestampMs = Number.NaN

  constructor(fn: ReduceFunction<T> | ((left: T, right: T) => T), keySelector: KeySelector<T, K>) {
    super(keySelector, fn)
    this.#reduce = typeof fn === 'function' ? fn : (left, right) => fn.reduce(left, right)
  }

  protected override processRecord(value: T, timestampMs: number): void {
    this.#value = this.#isEmpty ? value : this.#reduce(this.#value, value)
    this.#isEmpty = false
    this.#timestampMs = timestampMs
  }

  override endKey(): void {
    if (!this.#isEmpty) this.output.collect(this.#value, this.#timestampMs)
    this.#isEmpty = true
    super.endKey()
  }
}

/** Makes {@link BoundedReduceOperator}s. */
export function boundedReduceOperator<K, T>(
  fn: ReduceFunction<T> | ((left: T, right: T) => T),
  keySelector: KeySelector<T, K>,
): OperatorFactory<OneInputOperator<T>> {
  const make = functionSupplier(fn)
  return () => new BoundedReduceOperator(make(), keySelector)
}
