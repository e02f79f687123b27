import { functionSupplier } from '../function/function-supplier.ts'
import type { CoFlatMapFunction } from '../function/functions.ts'
import type { OperatorFactory, TwoInputOperator } from '../operator.ts'
import type { OperatorContext } from '../operator-context.ts'
import { TimestampedCollector } from '../timestamped-collector.ts'
import { type KeySelectors, TwoInputRecordOperator } from './two-input-record-operator.ts'

/** Turns each record of two connected streams into any number of records. */
export class CoFlatMapOperator<K, IN1, IN2, OUT> extends TwoInputRecordOperator<K, IN1, IN2, OUT> {
  readonly #fn: CoFlatMapFunction<IN1, IN2, OUT>
  #collector!: TimestampedCollector<OUT>

  constructor(fn: CoFlatMapFunction<IN1, IN2, OUT>, keys?: KeySelectors<K, IN1, IN2>) {
    super(keys, fn)
    this.#fn = fn
  }

  override setup(context: OperatorContext): void {
    super.setup(context)
    this.#collector = new TimestampedCollector(this.output)
  }

  protected override processRecord1(value: IN1, timestampMs: number): void {
    this.#collector.timestampMs = timestampMs
    this.#fn.flatMap1(value, this.#collector)
  }

  protected override processRecord2(value: IN2, timestampMs: number): void {
    this.#collector.timestampMs = timestampMs
    this.#fn.flatMap2(value, this.#collector)
  }
}

/** Makes {@link CoFlatMapOperator}s; with key selectors the function may use keyed state. */
export function coFlatMapOperator<K, IN1, IN2, OUT>(
  fn: CoFlatMapFunction<IN1, IN2, OUT>,
  keys?: KeySelectors<K, IN1, IN2>,
): OperatorFactory<TwoInputOperator<IN1, IN2>> {
  const make = functionSupplier(fn)
  return () => new CoFlatMapOperator(make(), keys)
}
