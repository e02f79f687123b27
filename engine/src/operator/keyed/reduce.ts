import type { ValueState } from '../../state/keyed-state.ts'
import { valueState } from '../../state/state-descriptor.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { functionSupplier } from '../function/function-supplier.ts'
import type { KeySelector, ReduceFunction } from '../function/functions.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import type { RecordStage } from '../record-stage.ts'
import { KeyedRecordOperator } from './keyed-record-operator.ts'

/**
 * Rolling reduce: folds each record into the value of its key and emits the new value, with the
 * record's timestamp.
 */
export class ReduceOperator<K, T> extends KeyedRecordOperator<K, T, T> {
  readonly #reduce: (left: T, right: T) => T
  readonly #type: TypeInformation<T> | undefined
  #state!: ValueState<T>

  constructor(
    fn: ReduceFunction<T> | ((left: T, right: T) => T),
    keySelector: KeySelector<T, K>,
    type?: TypeInformation<T>,
  ) {
    super(keySelector, fn)
    this.#reduce = typeof fn === 'function' ? fn : (left, right) => fn.reduce(left, right)
    this.#type = type
  }

  override initializeState(): void {
    super.initializeState()
    const options = this.#type === undefined ? {} : { type: this.#type }
    this.#state = this.context.keyedState.getState(valueState<T>('reduce', options))
  }

  recordStage(): RecordStage {
    return this.keyedStage('map', (value) => this.#fold(value))
  }

  protected override processRecord(value: T, timestampMs: number): void {
    this.output.collect(this.#fold(value), timestampMs)
  }

  #fold(value: T): T {
    const before = this.#state.value()
    const after = before === undefined ? value : this.#reduce(before, value)
    this.#state.update(after)
    return after
  }
}

/** Makes {@link ReduceOperator}s. `type` is that of the records, for the state. */
export function reduceOperator<K, T>(
  fn: ReduceFunction<T> | ((left: T, right: T) => T),
  keySelector: KeySelector<T, K>,
  type?: TypeInformation<T>,
): OperatorFactory<OneInputOperator<T>> {
  const make = functionSupplier(fn)
  return () => new ReduceOperator(make(), keySelector, type)
}
