import type { RecordBatch } from '../../core/record-batch.ts'
import type { KeySelector } from '../function/functions.ts'
import { GuardedOutput } from '../guarded-output.ts'
import { undefinedKey } from '../keyed/keyed-record-operator.ts'
import type { TwoInputOperator } from '../operator.ts'
import { OperatorBase } from '../operator-base.ts'
import type { OperatorContext } from '../operator-context.ts'
import { handleRecordError } from '../record-error.ts'

/** How both inputs of a keyed two-input operator find their key; the keys share one state. */
export type KeySelectors<K, IN1, IN2> = readonly [
  first: KeySelector<IN1, K>,
  second: KeySelector<IN2, K>,
]

/**
 * The record-wise base of operators with two inputs. With key selectors it sets the key of keyed
 * state before each record; without them the operator has no keyed state.
 */
export abstract class TwoInputRecordOperator<K, IN1, IN2, OUT>
  extends OperatorBase<OUT>
  implements TwoInputOperator<IN1, IN2>
{
  /** The same object as `output`; tells failures downstream from those of user code. */
  protected guard!: GuardedOutput<OUT>
  readonly #keys: KeySelectors<K, IN1, IN2> | undefined
  readonly #first = (value: IN1, timestampMs: number): void =>
    this.processRecord1(value, timestampMs)
  readonly #second = (value: IN2, timestampMs: number): void =>
    this.processRecord2(value, timestampMs)

  constructor(keys: KeySelectors<K, IN1, IN2> | undefined, ...functions: readonly unknown[]) {
    super(...functions)
    this.#keys = keys
  }

  override setup(context: OperatorContext): void {
    super.setup(context)
    this.guard = new GuardedOutput<OUT>(context.output)
    this.output = this.guard
  }

  /** Processes one record of the first input; `timestampMs` is `NaN` for none. */
  protected abstract processRecord1(value: IN1, timestampMs: number): void

  /** Processes one record of the second input; `timestampMs` is `NaN` for none. */
  protected abstract processRecord2(value: IN2, timestampMs: number): void

  processBatch1(batch: RecordBatch<IN1>): void {
    this.#processAll(batch, this.#keys?.[0], this.#first)
  }

  processBatch2(batch: RecordBatch<IN2>): void {
    this.#processAll(batch, this.#keys?.[1], this.#second)
  }

  endKey(): void {
    this.context.keyedState.endKey()
    this.guard.throwIfFailed()
  }

  override processWatermark(timestampMs: number): void {
    if (this.#keys !== undefined) this.context.keyedState.advanceWatermark(timestampMs)
    super.processWatermark(timestampMs)
  }

  endInput1(): void {}

  endInput2(): void {}

  #processAll<IN>(
    batch: RecordBatch<IN>,
    keySelector: KeySelector<IN, K> | undefined,
    processRecord: (value: IN, timestampMs: number) => void,
  ): void {
    const { values, timestamps, length } = batch
    let i = 0
    while (i < length) {
      try {
        for (; i < length; i++) {
          const value = values[i] as IN
          const timestampMs = timestamps[i] as number
          if (keySelector !== undefined) this.#setKey(keySelector(value), timestampMs)
          processRecord(value, timestampMs)
        }
      } catch (error) {
        this.guard.throwIfFailed()
        handleRecordError(this.context, error, values[i], timestamps[i] as number, i)
        i++
      }
    }
    this.guard.throwIfFailed()
  }

  #setKey(key: K, timestampMs: number): void {
    if (key === undefined) throw undefinedKey()
    const backend = this.context.keyedState
    backend.setCurrentKey(key)
    if (backend.usesTimestamps) backend.setCurrentTimestamp(timestampMs)
  }
}
