import type { TimerTarget } from '../../state/timer-service.ts'
import { functionSupplier } from '../function/function-supplier.ts'
import type { OperatorFactory, TwoInputOperator } from '../operator.ts'
import type { KeyedCoProcessFunction } from '../process/co-process-function.ts'
import { ElementContext } from '../process/element-context.ts'
import { fireTimer } from '../process/fire-timer.ts'
import { KeyedTimerService } from '../process/keyed-timer-service.ts'
import { type KeySelectors, TwoInputRecordOperator } from './two-input-record-operator.ts'

/** Runs a process function on two connected keyed streams, with shared state and timers. */
export class KeyedCoProcessOperator<K, IN1, IN2, OUT>
  extends TwoInputRecordOperator<K, IN1, IN2, OUT>
  implements TimerTarget
{
  readonly #fn: KeyedCoProcessFunction<K, IN1, IN2, OUT>
  #ctx!: ElementContext<K, OUT>

  constructor(fn: KeyedCoProcessFunction<K, IN1, IN2, OUT>, keys: KeySelectors<K, IN1, IN2>) {
    super(keys, fn)
    this.#fn = fn
  }

  override initializeState(): void {
    const backend = this.context.keyedState
    const timers = new KeyedTimerService(backend.timerService('user-timers', this))
    this.#ctx = new ElementContext(this.output, timers, backend)
    super.initializeState()
  }

  onEventTimer(timestampMs: number): void {
    fireTimer(this.#fn, timestampMs, 'event-time', this.#ctx, this.context, this.guard)
  }

  onProcessingTimer(timestampMs: number): void {
    fireTimer(this.#fn, timestampMs, 'processing-time', this.#ctx, this.context, this.guard)
  }

  protected override processRecord1(value: IN1, timestampMs: number): void {
    this.#ctx.atRecord(timestampMs)
    this.#fn.processElement1(value, this.#ctx, this.#ctx.collector)
  }

  protected override processRecord2(value: IN2, timestampMs: number): void {
    this.#ctx.atRecord(timestampMs)
    this.#fn.processElement2(value, this.#ctx, this.#ctx.collector)
  }
}

/** Makes {@link KeyedCoProcessOperator}s. */
export function keyedCoProcessOperator<K, IN1, IN2, OUT>(
  fn: KeyedCoProcessFunction<K, IN1, IN2, OUT>,
  keys: KeySelectors<K, IN1, IN2>,
): OperatorFactory<TwoInputOperator<IN1, IN2>> {
  const make = functionSupplier(fn)
  return () => new KeyedCoProcessOperator(make(), keys)
}
