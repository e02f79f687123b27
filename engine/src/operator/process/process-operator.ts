import { functionSupplier } from '../function/function-supplier.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import type { OperatorContext } from '../operator-context.ts'
import { RecordOperator } from '../record-operator.ts'
import type { RecordStage } from '../record-stage.ts'
import { ElementContext } from './element-context.ts'
import type { ProcessFunction } from './process-function.ts'
import { UnkeyedTimerService } from './unkeyed-timer-service.ts'

/** Runs a process function on a stream without keys. */
export class ProcessOperator<IN, OUT> extends RecordOperator<IN, OUT> {
  readonly #fn: ProcessFunction<IN, OUT>
  #time!: UnkeyedTimerService
  #ctx!: ElementContext<never, OUT>

  constructor(fn: ProcessFunction<IN, OUT>) {
    super(fn)
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

  recordStage(): RecordStage {
    return this.eachStage(this.processRecord.bind(this))
  }

  protected override processRecord(value: IN, timestampMs: number): void {
    this.#ctx.atRecord(timestampMs)
    this.#fn.processElement(value, this.#ctx, this.#ctx.collector)
  }
}

/** Makes {@link ProcessOperator}s. */
export function processOperator<IN, OUT>(
  fn: ProcessFunction<IN, OUT>,
): OperatorFactory<OneInputOperator<IN>> {
  const make = functionSupplier(fn)
  return () => new ProcessOperator(make())
}
