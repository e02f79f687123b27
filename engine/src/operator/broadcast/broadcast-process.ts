import { functionSupplier } from '../function/function-supplier.ts'
import type { OperatorFactory, TwoInputOperator } from '../operator.ts'
import { UnkeyedTimerService } from '../process/unkeyed-timer-service.ts'
import { TwoInputRecordOperator } from '../two-input/two-input-record-operator.ts'
import { BroadcastSideContext } from './broadcast-context.ts'
import type { BroadcastDescriptor, BroadcastProcessFunction } from './broadcast-process-function.ts'
import { BroadcastStates } from './broadcast-states.ts'
import { RecordSideContext } from './record-side-context.ts'

/** Runs a broadcast process function on a stream without keys; the second input is broadcast. */
export class BroadcastProcessOperator<IN, BROADCAST, OUT> extends TwoInputRecordOperator<
  never,
  IN,
  BROADCAST,
  OUT
> {
  readonly #fn: BroadcastProcessFunction<IN, BROADCAST, OUT>
  readonly #descriptors: readonly BroadcastDescriptor[]
  #time!: UnkeyedTimerService
  #records!: RecordSideContext<never, OUT>
  #broadcast!: BroadcastSideContext<never, OUT>

  constructor(
    fn: BroadcastProcessFunction<IN, BROADCAST, OUT>,
    descriptors: readonly BroadcastDescriptor[],
  ) {
    super(undefined, fn)
    this.#fn = fn
    this.#descriptors = descriptors
  }

  override initializeState(): void {
    const states = new BroadcastStates(this.context, this.#descriptors)
    this.#time = new UnkeyedTimerService(this.context)
    this.#records = new RecordSideContext(this.output, this.#time, undefined, states)
    this.#broadcast = new BroadcastSideContext(this.output, states, this.#time, undefined)
    super.initializeState()
  }

  override processWatermark(timestampMs: number): void {
    this.#time.watermarkMs = timestampMs
    super.processWatermark(timestampMs)
  }

  protected override processRecord1(value: IN, timestampMs: number): void {
    this.#records.atRecord(timestampMs)
    this.#fn.processElement(value, this.#records, this.#records.collector)
  }

  protected override processRecord2(value: BROADCAST, timestampMs: number): void {
    this.#broadcast.atRecord(timestampMs)
    this.#fn.processBroadcastElement(value, this.#broadcast, this.#broadcast.collector)
  }
}

/** Makes {@link BroadcastProcessOperator}s. */
export function broadcastProcessOperator<IN, BROADCAST, OUT>(
  fn: BroadcastProcessFunction<IN, BROADCAST, OUT>,
  descriptors: readonly BroadcastDescriptor[],
): OperatorFactory<TwoInputOperator<IN, BROADCAST>> {
  const make = functionSupplier(fn)
  return () => new BroadcastProcessOperator(make(), descriptors)
}
