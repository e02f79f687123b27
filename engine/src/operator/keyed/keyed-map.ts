import { functionSupplier } from '../function/function-supplier.ts'
import type { KeySelector, MapFunction } from '../function/functions.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import type { RecordStage } from '../record-stage.ts'
import { KeyedRecordOperator } from './keyed-record-operator.ts'

/** Turns each record of a keyed stream into one record; the function may use keyed state. */
export class KeyedMapOperator<K, IN, OUT> extends KeyedRecordOperator<K, IN, OUT> {
  readonly #fn: MapFunction<IN, OUT>

  constructor(fn: MapFunction<IN, OUT>, keySelector: KeySelector<IN, K>) {
    super(keySelector, fn)
    this.#fn = fn
  }

  recordStage(): RecordStage {
    return this.keyedStage('map', (value) => this.#fn.map(value))
  }

  protected override processRecord(value: IN, timestampMs: number): void {
    this.output.collect(this.#fn.map(value), timestampMs)
  }
}

/** Makes {@link KeyedMapOperator}s. */
export function keyedMapOperator<K, IN, OUT>(
  fn: MapFunction<IN, OUT>,
  keySelector: KeySelector<IN, K>,
): OperatorFactory<OneInputOperator<IN>> {
  const make = functionSupplier(fn)
  return () => new KeyedMapOperator(make(), keySelector)
}
