import type { TimerTarget } from '../../state/timer-service.ts'
import { functionSupplier } from '../function/function-supplier.ts'
import type { KeySelector } from '../function/functions.ts'
import { KeyedRecordOperator } from '../keyed/keyed-record-operator.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import { ElementContext } from './element-context.ts'
import { fireTimer } from './fire-timer.ts'
import { KeyedTimerService } from './keyed-timer-service.ts'
import type { KeyedProcessFunction } from './process-function.ts'

/** Runs a process function with keyed state and timers. */
export class KeyedProcessOperator<K, IN, OUT>
  extends KeyedRecordOperator<K, IN, OUT>
  implements TimerTarget
{
  readonly #fn: KeyedProcessFunction<K, IN, OUT>
  #ctx!: ElementContext<K, OUT>

  constructor(fn: KeyedProcessFunction<K, IN, OUT>, keySelector: KeySelector<IN, K>) {
    super(keySelector, fn)
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

  protected override processRecord(value: IN, timestampMs: number): void {
    this.#ctx.atRecord(timestampMs)
    this.#fn.processElement(value, this.#ctx, this.#ctx.collector)
  }
}

/** Makes {@link KeyedProcessOperator}s. */
export function keyedProcessOperator<K, IN, OUT>(
  fn: KeyedProcessFunction<K, IN, OUT>,
  keySelector: KeySelector<IN, K>,
): OperatorFactory<OneInputOperator<IN>> {
  const make = functionSupplier(fn)
  return () => new KeyedProcessOperator(make(), keySelector)
}
