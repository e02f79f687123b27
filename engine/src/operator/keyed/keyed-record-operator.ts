import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { RecordBatch } from '../../core/record-batch.ts'
import type { KeySelector } from '../function/functions.ts'
import { handleRecordError } from '../record-error.ts'
import { RecordOperator } from '../record-operator.ts'
import type { RecordStage } from '../record-stage.ts'

/**
 * The record-wise base of operators on a keyed stream: sets the key of keyed state before each
 * record, and fires event-time timers as the watermark advances.
 */
export abstract class KeyedRecordOperator<K, IN, OUT> extends RecordOperator<IN, OUT> {
  protected readonly keySelector: KeySelector<IN, K>

  constructor(keySelector: KeySelector<IN, K>, ...functions: readonly unknown[]) {
    super(...functions)
    this.keySelector = keySelector
  }

  override processBatch(batch: RecordBatch<IN>): void {
    const { values, timestamps, length } = batch
    const backend = this.context.keyedState
    const keySelector = this.keySelector
    const { usesTimestamps } = backend
    let i = 0
    while (i < length) {
      try {
        for (; i < length; i++) {
          const value = values[i] as IN
          const key = keySelector(value)
          if (key === undefined) throw undefinedKey()
          backend.setCurrentKey(key)
          if (usesTimestamps) backend.setCurrentTimestamp(timestamps[i] as number)
          this.processRecord(value, timestamps[i] as number)
        }
      } catch (error) {
        this.guard.throwIfFailed()
        handleRecordError(this.context, error, values[i], timestamps[i] as number, i)
        i++
      }
    }
    this.guard.throwIfFailed()
  }

  /** For a subclass whose `apply` makes one record of each, or says whether to keep it. */
  protected keyedStage(kind: 'map' | 'filter', apply: (value: IN) => unknown): RecordStage {
    const backend = this.context.keyedState
    const { keySelector } = this
    return {
      kind,
      takesTime: true,
      call: (value: IN, timestampMs: number) => {
        const key = keySelector(value)
        if (key === undefined) throw undefinedKey()
        backend.setCurrentKey(key)
        if (backend.usesTimestamps) backend.setCurrentTimestamp(timestampMs)
        return apply(value)
      },
      failed: (...failure) => handleRecordError(this.context, ...failure),
    }
  }

  endKey(): void {
    this.context.keyedState.endKey()
    this.guard.throwIfFailed()
  }

  override processWatermark(timestampMs: number): void {
    this.context.keyedState.advanceWatermark(timestampMs)
    super.processWatermark(timestampMs)
  }
}

/** The error of a record whose key selector gave nothing; a record error. */
export function undefinedKey(): EngineError {
  return new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    'the key selector returned undefined; every record of a keyed stream needs a key',
  )
}
