import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Counter } from '../../core/metrics.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { NamespaceView } from '../../state/keyed-state-backend.ts'
import { type Namespace, VOID_NAMESPACE } from '../../state/namespace.ts'
import type { InternalTimerService, TimerTarget } from '../../state/timer-service.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'
import type { KeySelector } from '../function/functions.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { KeyedRecordOperator } from './keyed-record-operator.ts'

/** Which records of a key pass. */
export interface DeduplicateOptions {
  /**
   * `first`: the first record of a key passes at once, the others are dropped until the time is
   * over. `last`: the records wait until the time is over, then the last one passes: on event time
   * the one with the highest timestamp, else the one that came last. Default `first`.
   */
  readonly keep?: 'first' | 'last'
  /**
   * How long after its first record a key is remembered. The next record after that begins anew.
   */
  readonly ttlMs: number
  /**
   * By timestamps and watermark (`event`, the default), or by the clock (`processing`). On event
   * time a record behind the watermark by the whole time is dropped and counted in
   * `numLateRecordsDropped`, since nobody remembers whether it was there.
   */
  readonly ttlTime?: 'event' | 'processing'
}

/** What is remembered of a key. */
interface Remembered {
  /** When the key is forgotten. */
  readonly untilMs: number
  /** The record that waits, with `last`. */
  readonly waiting?: { readonly value: unknown; readonly timestampMs: number }
}

const REMEMBERED_TYPE = types.row({
  untilMs: types.number,
  waiting: types.optional(types.row({ value: types.generic(), timestampMs: types.number })),
}) as TypeInformation<Remembered>

class DeduplicateOperator<K, T> extends KeyedRecordOperator<K, T, T> implements TimerTarget {
  readonly #ttlMs: number
  readonly #isEventTime: boolean
  readonly #keepsFirst: boolean
  #remembered!: NamespaceView<Remembered>
  #timers!: InternalTimerService
  #late!: Counter
  #watermarkMs = Number.NEGATIVE_INFINITY

  constructor(keySelector: KeySelector<T, K>, options: DeduplicateOptions) {
    super(keySelector)
    this.#ttlMs = options.ttlMs
    this.#isEventTime = options.ttlTime !== 'processing'
    this.#keepsFirst = options.keep !== 'last'
  }

  override initializeState(): void {
    super.initializeState()
    const { keyedState, metrics } = this.context
    this.#remembered = keyedState
      .table('millrace-deduplicate', REMEMBERED_TYPE)
      .namespace(VOID_NAMESPACE)
    this.#timers = keyedState.timerService('deduplicate-timers', this)
    this.#late = metrics.counter('numLateRecordsDropped')
  }

  protected override processRecord(value: T, timestampMs: number): void {
    if (this.#isEventTime && !Number.isFinite(timestampMs)) {
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        'a record at deduplicate has no timestamp; assign timestamps before it, or use ' +
          "ttlTime: 'processing'",
      )
    }
    const key = this.context.keyedState.currentKey
    const remembered = this.#remembered.get(key)
    const nowMs = this.#isEventTime ? timestampMs : this.#timers.currentProcessingTimeMs()
    if (remembered === undefined) this.#begin(key, value, nowMs, timestampMs)
    else if (nowMs >= remembered.untilMs) {
      // The time is over for this record, though its timer is still to come.
      this.#forget(key, remembered)
      this.#begin(key, value, nowMs, timestampMs)
    } else if (remembered.waiting !== undefined) {
      if (this.#isEventTime && timestampMs < remembered.waiting.timestampMs) return
      this.#remembered.put(key, { untilMs: remembered.untilMs, waiting: { value, timestampMs } })
    }
  }

  override processWatermark(timestampMs: number): void {
    this.#watermarkMs = Math.max(this.#watermarkMs, timestampMs)
    super.processWatermark(timestampMs)
  }

  onEventTimer(timestampMs: number, namespace: Namespace): void {
    this.onProcessingTimer(timestampMs, namespace)
  }

  onProcessingTimer(timestampMs: number, _namespace: Namespace): void {
    const key = this.context.keyedState.currentKey
    const remembered = this.#remembered.get(key)
    if (remembered?.untilMs === timestampMs) this.#forget(key, remembered)
    this.guard.throwIfFailed()
  }

  /** The records that still wait for the clock pass with the end of the input. */
  override finish(): void {
    const waiting: (readonly [unknown, Remembered])[] = []
    this.#remembered.forEach((key, remembered) => {
      waiting.push([key, remembered])
    })
    for (const [key, remembered] of waiting) {
      this.context.keyedState.setCurrentKey(key)
      this.#forget(key, remembered)
    }
    this.guard.throwIfFailed()
    super.finish()
  }

  #begin(key: unknown, value: T, nowMs: number, timestampMs: number): void {
    const untilMs = Math.min(nowMs + this.#ttlMs, MAX_WATERMARK_MS)
    if (this.#isEventTime && untilMs <= this.#watermarkMs) {
      this.#late.add(1)
      return
    }
    if (this.#isEventTime) this.#timers.registerEventTimeTimer(VOID_NAMESPACE, untilMs)
    else this.#timers.registerProcessingTimeTimer(VOID_NAMESPACE, untilMs)
    if (this.#keepsFirst) {
      this.#remembered.put(key, { untilMs })
      this.output.collect(value, timestampMs)
    } else this.#remembered.put(key, { untilMs, waiting: { value, timestampMs } })
  }

  #forget(key: unknown, { untilMs, waiting }: Remembered): void {
    if (this.#isEventTime) this.#timers.deleteEventTimeTimer(VOID_NAMESPACE, untilMs)
    else this.#timers.deleteProcessingTimeTimer(VOID_NAMESPACE, untilMs)
    this.#remembered.remove(key)
    if (waiting !== undefined) this.output.collect(waiting.value as T, waiting.timestampMs)
  }
}

/**
 * Makes the operator that lets one record of a key pass per time to live.
 *
 * @throws INVALID_ARGUMENT if `ttlMs` is not an integer above 0
 */
export function deduplicateOperator<K, T>(
  keySelector: KeySelector<T, K>,
  options: DeduplicateOptions,
): OperatorFactory<OneInputOperator<T>> {
  const { ttlMs } = options
  if (!Number.isSafeInteger(ttlMs) || ttlMs < 1) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `deduplicate: ttlMs is ${ttlMs}, but must be an integer of milliseconds above 0; a key that is ` +
        'remembered for ever would fill the state',
    )
  }
  return () => new DeduplicateOperator(keySelector, options)
}
