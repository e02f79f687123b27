import type { RecordBatch } from '../core/record-batch.ts'
import type { KeySelector } from '../operator/function/functions.ts'
import type { TwoInputOperator } from '../operator/operator.ts'
import { HarnessBase } from './harness-base.ts'
import { type HarnessOptions, newScenario } from './harness-options.ts'
import type { InputRouting } from './input-routing.ts'
import type { OperatorUnderTest } from './operator-subtasks.ts'
import type { Scenario } from './scenario.ts'

/** What a {@link TwoInputHarness} is made with. */
export interface TwoInputHarnessOptions<IN1, IN2> extends HarnessOptions {
  /** Makes the operator; called for every subtask, restore and mode. */
  readonly operator: () => TwoInputOperator<IN1, IN2>
  /** The key of a record of the first input, if it is keyed. */
  readonly keyBy1?: KeySelector<IN1, unknown>
  /** The key of a record of the second input, if it is keyed. */
  readonly keyBy2?: KeySelector<IN2, unknown>
  /** True if every subtask receives all records of the second input (broadcast state). */
  readonly broadcast2?: boolean
}

/**
 * Runs an operator with two inputs under a test; see `OperatorHarness`.
 *
 * ```ts
 * // Emits the records of both inputs, marked.
 * const marked = (): TwoInputOperator<string, string> => {
 *   let output: Output<unknown>
 *   const nothing = (): void => {}
 *   const emit = (mark: string, { values, length }: RecordBatch<string>): void => {
 *     for (let i = 0; i < length; i++) output.collect(`${mark} ${values[i]}`, Number.NaN)
 *   }
 *   return {
 *     setup: (context) => {
 *       output = context.output
 *     },
 *     processBatch1: (batch) => emit('left', batch),
 *     processBatch2: (batch) => emit('right', batch),
 *     processWatermark: (timestampMs) => output.emitWatermark(timestampMs),
 *     processWatermarkStatus: (idle) => output.emitWatermarkStatus(idle),
 *     initializeState: nothing,
 *     open: nothing,
 *     snapshotState: nothing,
 *     notifyCheckpointComplete: nothing,
 *     notifyCheckpointAborted: nothing,
 *     endInput1: nothing,
 *     endInput2: nothing,
 *     finish: nothing,
 *     close: nothing,
 *   }
 * }
 *
 *
 * const harness: TwoInputHarness<string, string, string> = twoInputHarness({ operator: marked })
 * harness.process1(['a'])
 * harness.watermark1(9)
 * harness.watermark2(5)
 * harness.timeline // => 'left a W5'
 * ```
 */
export class TwoInputHarness<IN1, IN2, OUT = unknown> extends HarnessBase<
  TwoInputOperator<IN1, IN2>,
  OUT
> {
  constructor(scenario: Scenario<TwoInputOperator<IN1, IN2>>) {
    super(scenario)
  }

  /** Sends records to the first input as one batch, all with the same event time. */
  process1(values: readonly IN1[], timestampMs?: number): void {
    this.sendRecords(0, values, timestampMs)
  }

  /** Sends records to the second input as one batch, all with the same event time. */
  process2(values: readonly IN2[], timestampMs?: number): void {
    this.sendRecords(1, values, timestampMs)
  }

  /** Sends a batch to the first input. */
  processBatch1(batch: RecordBatch<IN1>): void {
    this.sendBatch(0, batch)
  }

  /** Sends a batch to the second input. */
  processBatch2(batch: RecordBatch<IN2>): void {
    this.sendBatch(1, batch)
  }

  /** A watermark of the first input; the operator sees the minimum of both. */
  watermark1(timestampMs: number): void {
    this.apply({ kind: 'watermark', input: 0, timestampMs })
  }

  /** A watermark of the second input; the operator sees the minimum of both. */
  watermark2(timestampMs: number): void {
    this.apply({ kind: 'watermark', input: 1, timestampMs })
  }

  /** A watermark of both inputs. */
  watermark(timestampMs: number): void {
    this.watermark1(timestampMs)
    this.watermark2(timestampMs)
  }

  /** Says that the first input is idle, or active again. */
  watermarkStatus1(idle: boolean): void {
    this.apply({ kind: 'watermarkStatus', input: 0, idle })
  }

  /** Says that the second input is idle, or active again. */
  watermarkStatus2(idle: boolean): void {
    this.apply({ kind: 'watermarkStatus', input: 1, idle })
  }

  endInput1(): void {
    this.apply({ kind: 'endInput', input: 0 })
  }

  endInput2(): void {
    this.apply({ kind: 'endInput', input: 1 })
  }
}

/**
 * Makes a harness for an operator with two inputs.
 *
 * ```ts
 * // Emits the records of both inputs, marked.
 * const marked = (): TwoInputOperator<string, string> => {
 *   let output: Output<unknown>
 *   const nothing = (): void => {}
 *   const emit = (mark: string, { values, length }: RecordBatch<string>): void => {
 *     for (let i = 0; i < length; i++) output.collect(`${mark} ${values[i]}`, Number.NaN)
 *   }
 *   return {
 *     setup: (context) => {
 *       output = context.output
 *     },
 *     processBatch1: (batch) => emit('left', batch),
 *     processBatch2: (batch) => emit('right', batch),
 *     processWatermark: (timestampMs) => output.emitWatermark(timestampMs),
 *     processWatermarkStatus: (idle) => output.emitWatermarkStatus(idle),
 *     initializeState: nothing,
 *     open: nothing,
 *     snapshotState: nothing,
 *     notifyCheckpointComplete: nothing,
 *     notifyCheckpointAborted: nothing,
 *     endInput1: nothing,
 *     endInput2: nothing,
 *     finish: nothing,
 *     close: nothing,
 *   }
 * }
 *
 *
 * const harness = twoInputHarness<string, string, string>({ operator: marked })
 * harness.process1(['a'])
 * harness.process2(['b'])
 * harness.output // => ['left a', 'right b']
 * ```
 */
export function twoInputHarness<IN1, IN2, OUT = unknown>(
  options: TwoInputHarnessOptions<IN1, IN2>,
): TwoInputHarness<IN1, IN2, OUT> {
  return new TwoInputHarness<IN1, IN2, OUT>(newScenario(twoInputs(options), options))
}

function twoInputs<IN1, IN2>(
  options: TwoInputHarnessOptions<IN1, IN2>,
): OperatorUnderTest<TwoInputOperator<IN1, IN2>> {
  const { operator, keyBy1, keyBy2, broadcast2 } = options
  const second: InputRouting = broadcast2 ? { kind: 'broadcast' } : routing(keyBy2)
  return {
    create: operator,
    inputs: [routing(keyBy1), second],
    processBatch: (instance, input, batch) =>
      input === 0 ? instance.processBatch1(batch) : instance.processBatch2(batch),
    endInput: (instance, input) => (input === 0 ? instance.endInput1() : instance.endInput2()),
  }
}

function routing<IN>(keyBy: KeySelector<IN, unknown> | undefined): InputRouting {
  return keyBy === undefined ? { kind: 'round-robin' } : { kind: 'keyed', keyBy }
}
