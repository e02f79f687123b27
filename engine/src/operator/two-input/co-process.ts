import { functionSupplier } from '../function/function-supplier.ts'
import type { OperatorFactory, TwoInputOperator } from '../operator.ts'
import type { OperatorContext } from '../operator-context.ts'
import type { CoProcessFunction } from '../process/co-process-function.ts'
import { ElementContext } from '../process/element-context.ts'
import { UnkeyedTimerService } from '../process/unkeyed-timer-service.ts'
import { TwoInputRecordOperator } from './two-input-record-operator.ts'

/** Runs a process function on two connected streams without keys. */
export class CoProcessOperator<IN1, IN2, OUT> extends TwoInputRecordOperator<never, IN1, IN2, OUT> {
  readonly #fn: CoProcessFunction<IN1, IN2, OUT>
  #time!: UnkeyedTimerService
  #ctx!: ElementContext<never, OUT>

  constructor(fn: CoProcessFunction<IN1, IN2, OUT>) {
    super(undefined, fn)
    this.#fn = fn
  }

  override setup(context: OperatorContext): void {
    super.setup(context)
    this.#time = new UnkeyedTimerService(context)
    this.#ctx = new ElementContext(this.output, this.#time, undefined)
  }

  override processWatermark(timestampMs: number): void {
    this.#time.watermarkMs = timestampMs
    super.processWatermark(timestampMs)
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

/** Makes {@link CoProcessOperator}s. */
export function coProcessOperator<IN1, IN2, OUT>(
  fn: CoProcessFunction<IN1, IN2, OUT>,
): OperatorFactory<TwoInputOperator<IN1, IN2>> {
  const make = functionSupplier(fn)
  return () => new CoProcessOperator(make())
}
