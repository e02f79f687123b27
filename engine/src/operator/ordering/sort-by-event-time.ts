/**
 * `operator/ordering` puts the records of a key into the order of event time. It holds records back
 * until the watermark says that nothing earlier is still expected.
 */
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { OutputTag } from '../../core/output-tag.ts'
import type { StateTable } from '../../state/keyed-state-backend.ts'
import type { Namespace } from '../../state/namespace.ts'
import type { InternalTimerService, TimerTarget } from '../../state/timer-service.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'
import type { KeySelector } from '../function/functions.ts'
import { KeyedRecordOperator } from '../keyed/keyed-record-operator.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { PersistedWatermark } from '../window/persisted-watermark.ts'

/** What {@link sortByEventTimeOperator} may be told. */
export interface SortByEventTimeOptions<T> {
  /** Type of the records, for the state; the generic serializer without it. */
  readonly type?: TypeInformation<T>
  /** The side output of records that come behind the watermark; without it they are dropped. */
  readonly lateTag?: OutputTag<T>
}

/**
 * Emits the records of a key in order of event time, those of one timestamp in order of arrival. A
 * record waits in state until the watermark reaches it. A record behind the watermark has missed
 * its place: it is counted in `numLateRecordsDropped` and goes to the side output, if there is one.
 */
export class SortByEventTimeOperator<K, T>
  extends KeyedRecordOperator<K, T, T>
  implements TimerTarget
{
  readonly #options: SortByEventTimeOptions<T>
  #watermark!: PersistedWatermark
  #timers!: InternalTimerService
  /** The records that wait, by key and, as the namespace, timestamp. */
  #waiting!: StateTable<T[]>

  constructor(keySelector: KeySelector<T, K>, options: SortByEventTimeOptions<T>) {
    super(keySelector)
    this.#options = options
  }

  override initializeState(): void {
    super.initializeState()
    const { type } = this.#options
    const backend = this.context.keyedState
    this.#watermark = new PersistedWatermark(this.context)
    this.#timers = backend.timerService('sort-by-event-time', this)
    this.#waiting = backend.table<T[]>('waiting', type === undefined ? type : types.array(type))
  }

  override processWatermark(timestampMs: number): void {
    this.#watermark.advance(timestampMs)
    super.processWatermark(timestampMs)
  }

  override snapshotState(checkpointId: number): void {
    super.snapshotState(checkpointId)
    this.#watermark.store()
  }

  onEventTimer(timestampMs: number, namespace: Namespace): void {
    const records = this.#waiting.get(namespace)
    this.#waiting.remove(namespace)
    for (const record of records ?? []) this.output.collect(record, timestampMs)
  }

  onProcessingTimer(): void {}

  protected override processRecord(value: T, timestampMs: number): void {
    if (Number.isNaN(timestampMs)) throw withoutTimestamp()
    if (timestampMs <= this.#watermark.currentMs) {
      this.context.metrics.counter('numLateRecordsDropped').add(1)
      const { lateTag } = this.#options
      if (lateTag !== undefined) this.output.sideOutput(lateTag, value, timestampMs)
      return
    }
    const records = this.#waiting.get(timestampMs)
    if (records === undefined) {
      this.#waiting.put(timestampMs, [value])
      this.#timers.registerEventTimeTimer(timestampMs, timestampMs)
    } else {
      records.push(value)
      this.#waiting.put(timestampMs, records)
    }
  }
}

/** Makes {@link SortByEventTimeOperator}s. */
export function sortByEventTimeOperator<K, T>(
  keySelector: KeySelector<T, K>,
  options: SortByEventTimeOptions<T> = {},
): OperatorFactory<OneInputOperator<T>> {
  return () => new SortByEventTimeOperator(keySelector, options)
}

function withoutTimestamp(): EngineError {
  return new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    'a record without timestamp cannot be put into the order of event time; give its source a ' +
      'watermark strategy with a timestamp assigner',
  )
}
