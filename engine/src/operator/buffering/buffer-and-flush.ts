/**
 * `operator/buffering` gathers records into arrays, for what is cheaper in batches. What waits is
 * part of the state.
 */
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { NO_TIMESTAMP, type RecordBatch } from '../../core/record-batch.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { OperatorListState } from '../../state/operator-state.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { OperatorBase } from '../operator-base.ts'

/** When a buffer is handed on. At least one of `size` and `intervalMs` is needed. */
export interface BufferAndFlushOptions<T> {
  /** As soon as it holds so many records. */
  readonly size?: number
  /** As soon as its first record has waited so long, milliseconds of processing time. */
  readonly intervalMs?: number
  /** At each checkpoint too, so that none waits in state. Default false. */
  readonly onCheckpoint?: boolean
  /** Type of the records, for the state; the generic serializer without it. */
  readonly type?: TypeInformation<T>
}

/** A record that waits, as it is kept in state. */
interface WaitingRecord<T> {
  readonly value: T
  readonly timestampMs: number
  /** When the buffer it stands in was begun. */
  readonly sinceMs: number
}

/**
 * Gathers the records of a subtask and emits them as arrays, in order of arrival; the last at the
 * end of the input. An array has the timestamp of its latest record, and a watermark that has
 * reached that waits for the array: what was not late does not become late here.
 */
export class BufferAndFlushOperator<T> extends OperatorBase<T[]> implements OneInputOperator<T> {
  readonly #options: BufferAndFlushOptions<T>
  readonly #size: number
  #state!: OperatorListState<WaitingRecord<T>>
  #records: T[] = []
  #timestamps: number[] = []
  /** Timestamp of the array as it stands; `NaN` if no record has one. */
  #latestMs: number = NO_TIMESTAMP
  #sinceMs = 0
  #heldWatermarkMs: number | undefined
  #timer: { cancel(): void } | undefined

  constructor(options: BufferAndFlushOptions<T>) {
    super()
    this.#options = options
    this.#size = options.size ?? Number.POSITIVE_INFINITY
  }

  override initializeState(): void {
    super.initializeState()
    const { type } = this.#options
    this.#state = this.context.operatorState.getListState<WaitingRecord<T>>(
      'waiting',
      type && types.row({ value: type, timestampMs: types.number, sinceMs: types.number }),
    )
  }

  override open(): void {
    super.open()
    const waiting = this.#state.get()
    if (waiting.length === 0) return
    for (const { value, timestampMs } of waiting) this.#push(value, timestampMs)
    this.#begin(Math.min(...waiting.map(({ sinceMs }) => sinceMs)))
  }

  processBatch(batch: RecordBatch<T>): void {
    const { values, timestamps, length } = batch
    for (let i = 0; i < length; i++) {
      if (this.#records.length === 0) this.#begin(this.context.processingTime.nowMs())
      this.#push(values[i] as T, timestamps[i] as number)
      if (this.#records.length >= this.#size) this.#flush()
    }
  }

  override processWatermark(timestampMs: number): void {
    if (timestampMs >= MAX_WATERMARK_MS) this.#flush()
    if (timestampMs >= this.#latestMs) this.#heldWatermarkMs = timestampMs
    else super.processWatermark(timestampMs)
  }

  override processWatermarkStatus(idle: boolean): void {
    if (idle) this.#flush()
    super.processWatermarkStatus(idle)
  }

  override snapshotState(checkpointId: number): void {
    if (this.#options.onCheckpoint === true) {
      this.#flush()
      // The records belong before the barrier, and into the state of whatever follows in the chain.
      this.output.flush()
    }
    super.snapshotState(checkpointId)
    const sinceMs = this.#sinceMs
    this.#state.update(
      this.#records.map((value, i) => ({
        value,
        timestampMs: this.#timestamps[i] as number,
        sinceMs,
      })),
    )
  }

  endInput(): void {
    this.#flush()
  }

  override close(): void {
    this.#timer?.cancel()
    super.close()
  }

  #begin(sinceMs: number): void {
    this.#sinceMs = sinceMs
    const { intervalMs } = this.#options
    if (intervalMs === undefined) return
    this.#timer = this.context.processingTime.schedule(sinceMs + intervalMs, () => this.#flush())
  }

  #push(value: T, timestampMs: number): void {
    this.#records.push(value)
    this.#timestamps.push(timestampMs)
    if (!(this.#latestMs >= timestampMs) && !Number.isNaN(timestampMs)) this.#latestMs = timestampMs
  }

  #flush(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    const records = this.#records
    if (records.length === 0) return
    const timestampMs = this.#latestMs
    const heldMs = this.#heldWatermarkMs
    this.#records = []
    this.#timestamps = []
    this.#latestMs = NO_TIMESTAMP
    this.#heldWatermarkMs = undefined
    this.output.collect(records, timestampMs)
    if (heldMs !== undefined) this.output.emitWatermark(heldMs)
  }
}

/**
 * Makes {@link BufferAndFlushOperator}s.
 * @throws INVALID_ARGUMENT if neither size nor interval is given, or one of them is not above 0
 */
export function bufferAndFlushOperator<T>(
  options: BufferAndFlushOptions<T>,
): OperatorFactory<OneInputOperator<T>> {
  const { size, intervalMs } = options
  if (size === undefined && intervalMs === undefined) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      'bufferAndFlush needs `size` or `intervalMs`, or nothing would ever leave the buffer',
    )
  }
  if (size !== undefined && !(Number.isSafeInteger(size) && size > 0)) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `the size of a buffer must be a whole number above 0, but is ${size}`,
    )
  }
  if (intervalMs !== undefined && !(intervalMs > 0 && Number.isFinite(intervalMs))) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `the interval of a buffer must be a number of milliseconds above 0, but is ${intervalMs}`,
    )
  }
  return () => new BufferAndFlushOperator(options)
}
