import type { TimerTarget } from '../../state/timer-service.ts'
import { functionSupplier } from '../function/function-supplier.ts'
import type { KeySelector } from '../function/functions.ts'
import { undefinedKey } from '../keyed/keyed-record-operator.ts'
import type { OperatorFactory, TwoInputOperator } from '../operator.ts'
import { fireTimer, type TimerFunction } from '../process/fire-timer.ts'
import { KeyedTimerService } from '../process/keyed-timer-service.ts'
import type { TimeDomain } from '../process/timer-service.ts'
import { TwoInputRecordOperator } from '../two-input/two-input-record-operator.ts'
import { BroadcastSideContext } from './broadcast-context.ts'
import type {
  BroadcastDescriptor,
  KeyedBroadcastProcessFunction,
} from './broadcast-process-function.ts'
import { BroadcastStates } from './broadcast-states.ts'
import { RecordSideContext } from './record-side-context.ts'

/** Runs a broadcast process function on a keyed stream; the second input is broadcast. */
export class KeyedBroadcastProcessOperator<K, IN, BROADCAST, OUT>
  extends TwoInputRecordOperator<K, IN, BROADCAST, OUT>
  implements TimerTarget
{
  readonly #fn: KeyedBroadcastProcessFunction<K, IN, BROADCAST, OUT>
  readonly #keySelector: KeySelector<IN, K>
  readonly #descriptors: readonly BroadcastDescriptor[]
  #records!: RecordSideContext<K, OUT>
  #broadcast!: BroadcastSideContext<K, OUT>

  constructor(
    fn: KeyedBroadcastProcessFunction<K, IN, BROADCAST, OUT>,
    keySelector: KeySelector<IN, K>,
    descriptors: readonly BroadcastDescriptor[],
  ) {
    super(undefined, fn)
    this.#fn = fn
    this.#keySelector = keySelector
    this.#descriptors = descriptors
  }

  override initializeState(): void {
    const backend = this.context.keyedState
    const states = new BroadcastStates(this.context, this.#descriptors)
    const timers = new KeyedTimerService(backend.timerService('user-timers', this))
    this.#records = new RecordSideContext(this.output, timers, backend, states)
    this.#broadcast = new BroadcastSideContext(this.output, states, timers, backend)
    super.initializeState()
  }

  override processWatermark(timestampMs: number): void {
    this.context.keyedState.advanceWatermark(timestampMs)
    super.processWatermark(timestampMs)
  }

  onEventTimer(timestampMs: number): void {
    this.#onTimer(timestampMs, 'event-time')
  }

  onProcessingTimer(timestampMs: number): void {
    this.#onTimer(timestampMs, 'processing-time')
  }

  protected override processRecord1(value: IN, timestampMs: number): void {
    const key = this.#keySelector(value)
    if (key === undefined) throw undefinedKey()
    this.context.keyedState.setCurrentKey(key)
    this.#records.atRecord(timestampMs)
    this.#fn.processElement(value, this.#records, this.#records.collector)
  }

  protected override processRecord2(value: BROADCAST, timestampMs: number): void {
    this.context.keyedState.clearCurrentKey()
    this.#broadcast.atRecord(timestampMs)
    this.#fn.processBroadcastElement(value, this.#broadcast, this.#broadcast.collector)
  }

  #onTimer(timestampMs: number, timeDomain: TimeDomain): void {
    // The context of a timer is that of a record here, so it has the broadcast state too.
    const fn = this.#fn as unknown as TimerFunction<K, OUT>
    fireTimer(fn, timestampMs, timeDomain, this.#records, this.context, this.guard)
  }
}

/** Makes {@link KeyedBroadcastProcessOperator}s. */
export function keyedBroadcastProcessOperator<K, IN, BROADCAST, OUT>(
  fn: KeyedBroadcastProcessFunction<K, IN, BROADCAST, OUT>,
  keySelector: KeySelector<IN, K>,
  descriptors: readonly BroadcastDescriptor[],
): OperatorFactory<TwoInputOperator<IN, BROADCAST>> {
  const make = functionSupplier(fn)
  return () => new KeyedBroadcastProcessOperator(make(), keySelector, descriptors)
}
