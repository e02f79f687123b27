import { functionSupplier } from '../function/function-supplier.ts'
import type { FlatMapFunction, KeySelector } from '../function/functions.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import type { OperatorContext } from '../operator-context.ts'
import { TimestampedCollector } from '../timestamped-collector.ts'
import { KeyedRecordOperator } from './keyed-record-operator.ts'

/** Turns each record of a keyed stream into any number; the function may use keyed state. */
export class KeyedFlatMapOperator<K, IN, OUT> extends KeyedRecordOperator<K, IN, OUT> {
  readonly #fn: FlatMapFunction<IN, OUT>
  #collector!: TimestampedCollector<OUT>

  constructor(fn: FlatMapFunction<IN, OUT>, keySelector: KeySelector<IN, K>) {
    super(keySelector, fn)
    this.#fn = fn
  }

  override setup(context: OperatorContext): void {
    super.setup(context)
    this.#collector = new TimestampedCollector(this.output)
  }

  protected override processRecord(value: IN, timestampMs: number): void {
    this.#collector.timestampMs = timestampMs
    this.#fn.flatMap(value, this.#collector)
  }
}

/** Makes {@link KeyedFlatMapOperator}s. */
export function keyedFlatMapOperator<K, IN, OUT>(
  fn: FlatMapFunction<IN, OUT>,
  keySelector: KeySelector<IN, K>,
): OperatorFactory<OneInputOperator<IN>> {
  const make = functionSupplier(fn)
  return () => new KeyedFlatMapOperator(make(), keySelector)
}
