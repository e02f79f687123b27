import { functionSupplier } from '../function/function-supplier.ts'
import type { CoMapFunction } from '../function/functions.ts'
import type { OperatorFactory, TwoInputOperator } from '../operator.ts'
import { type KeySelectors, TwoInputRecordOperator } from './two-input-record-operator.ts'

/** Maps the records of two connected streams to one type. */
export class CoMapOperator<K, IN1, IN2, OUT> extends TwoInputRecordOperator<K, IN1, IN2, OUT> {
  readonly #fn: CoMapFunction<IN1, IN2, OUT>

  constructor(fn: CoMapFunction<IN1, IN2, OUT>, keys?: KeySelectors<K, IN1, IN2>) {
    super(keys, fn)
    this.#fn = fn
  }

  protected override processRecord1(value: IN1, timestampMs: number): void {
    this.output.collect(this.#fn.map1(value), timestampMs)
  }

  protected override processRecord2(value: IN2, timestampMs: number): void {
    this.output.collect(this.#fn.map2(value), timestampMs)
  }
}

/** Makes {@link CoMapOperator}s; with key selectors the function may use keyed state. */
export function coMapOperator<K, IN1, IN2, OUT>(
  fn: CoMapFunction<IN1, IN2, OUT>,
  keys?: KeySelectors<K, IN1, IN2>,
): OperatorFactory<TwoInputOperator<IN1, IN2>> {
  const make = functionSupplier(fn)
  return () => new CoMapOperator(make(), keys)
}
