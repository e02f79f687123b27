/** `operator/difference` compares each record of a key with the one before it. */
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { ValueState } from '../../state/keyed-state.ts'
import { valueState } from '../../state/state-descriptor.ts'
import { types } from '../../types/types.ts'
import { describeRecord } from '../describe-record.ts'
import type { KeySelector } from '../function/functions.ts'
import { KeyedRecordOperator } from '../keyed/keyed-record-operator.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'

/** What is compared. */
export interface DifferenceOptions {
  /**
   * `counter` (the default) counts from 0 up: a value below the one before says that it began anew
   * from 0. `gauge` goes up and down.
   */
  readonly kind?: 'counter' | 'gauge'
}

/** A record beside the one of the same key before it. */
export interface Difference<T, K> {
  readonly key: K
  readonly record: T
  readonly value: number
  /** The value before; undefined for the first of a key. */
  readonly previous: number | undefined
  /**
   * By how much the value grew. Of a counter since 0 if it is the first or after a reset; of a
   * gauge 0 if it is the first.
   */
  readonly difference: number
  /** Growth per second of event time; undefined where there is no time between two records. */
  readonly ratePerSecond: number | undefined
  /** True if a counter has begun anew. */
  readonly isReset: boolean
}

/** The last value of a key. */
interface LastValue {
  readonly value: number
  readonly timestampMs: number
}

const LAST_VALUE = types.row({ value: types.number, timestampMs: types.number })

/**
 * Emits for each record its {@link Difference}, in order of arrival and with the record's
 * timestamp. Sort by event time before it if records of a key may overtake each other.
 */
export class DifferenceOperator<K, T> extends KeyedRecordOperator<K, T, Difference<T, K>> {
  readonly #selector: (record: T) => number
  readonly #isCounter: boolean
  #last!: ValueState<LastValue>

  constructor(
    keySelector: KeySelector<T, K>,
    selector: (record: T) => number,
    options: DifferenceOptions,
  ) {
    super(keySelector)
    this.#selector = selector
    this.#isCounter = (options.kind ?? 'counter') === 'counter'
  }

  override initializeState(): void {
    super.initializeState()
    this.#last = this.context.keyedState.getState(valueState('last', { type: LAST_VALUE }))
  }

  protected override processRecord(record: T, timestampMs: number): void {
    const value = this.#selector(record)
    if (!Number.isFinite(value)) throw notANumber(value)
    const last = this.#last.value()
    this.#last.update({ value, timestampMs })
    const previous = last?.value
    const isReset = this.#isCounter && previous !== undefined && value < previous
    const start = this.#isCounter ? 0 : value
    const difference = previous === undefined || isReset ? value - start : value - previous
    const elapsedMs = timestampMs - (last?.timestampMs ?? Number.NaN)
    const ratePerSecond = elapsedMs > 0 ? (difference / elapsedMs) * 1_000 : undefined
    const key = this.context.keyedState.currentKey as K
    const compared = { key, record, value, previous, difference, ratePerSecond, isReset }
    this.output.collect(compared, timestampMs)
  }
}

/** Makes {@link DifferenceOperator}s. */
export function differenceOperator<K, T>(
  keySelector: KeySelector<T, K>,
  selector: (record: T) => number,
  options: DifferenceOptions = {},
): OperatorFactory<OneInputOperator<T>> {
  return () => new DifferenceOperator(keySelector, selector, options)
}

function notANumber(value: unknown): EngineError {
  return new EngineError(
    ErrorCode.TYPE_MISMATCH,
    `difference compares finite numbers, but its selector returned ${describeRecord(value)}`,
  )
}
