/**
 * `testing/` is shipped to users: it runs operators, sources, sinks and whole jobs
 * deterministically, with time that only a test moves. It may know everything; nothing in the
 * engine may know it.
 */
import type { RecordBatch } from '../core/record-batch.ts'
import type { KeySelector } from '../operator/function/functions.ts'
import type { OneInputOperator } from '../operator/operator.ts'
import { HarnessBase } from './harness-base.ts'
import { type HarnessOptions, newScenario } from './harness-options.ts'
import type { OperatorUnderTest } from './operator-subtasks.ts'
import type { Scenario } from './scenario.ts'
import type { StreamEvent } from './stream-dsl.ts'

/** What an {@link OperatorHarness} is made with. */
export interface OperatorHarnessOptions<IN> extends HarnessOptions {
  /** Makes the operator; called for every subtask, restore and mode. */
  readonly operator: () => OneInputOperator<IN>
  /** The key of a record, if the stream is keyed. The operator must use the same key. */
  readonly keyBy?: KeySelector<IN, unknown>
}

/**
 * Runs an operator with one input under a test: the test sends records, watermarks and barriers and
 * moves the clock; the harness shows what comes out. The same steps are run in several modes, whose
 * outputs must agree.
 *
 * ```ts
 * // Emits every record in upper case.
 * const upperCase = (): OneInputOperator<string> => {
 *   let output: Output<unknown>
 *   const nothing = (): void => {}
 *   return {
 *     setup: (context) => {
 *       output = context.output
 *     },
 *     processBatch: ({ values, timestamps, length }) => {
 *       for (let i = 0; i < length; i++) {
 *         output.collect(values[i]?.toUpperCase(), timestamps[i] ?? Number.NaN)
 *       }
 *     },
 *     processWatermark: (timestampMs) => output.emitWatermark(timestampMs),
 *     processWatermarkStatus: (idle) => output.emitWatermarkStatus(idle),
 *     initializeState: nothing,
 *     open: nothing,
 *     snapshotState: nothing,
 *     notifyCheckpointComplete: nothing,
 *     notifyCheckpointAborted: nothing,
 *     endInput: nothing,
 *     finish: nothing,
 *     close: nothing,
 *   }
 * }
 *
 *
 * const harness: OperatorHarness<string, string> = operatorHarness({ operator: upperCase })
 * harness.process(['a', 'b'], 5)
 * harness.outputWithTimestamps[1] // => { value: 'B', timestampMs: 5 }
 * ```
 */
export class OperatorHarness<IN, OUT = unknown> extends HarnessBase<OneInputOperator<IN>, OUT> {
  constructor(scenario: Scenario<OneInputOperator<IN>>) {
    super(scenario)
  }

  /** Sends records as one batch, all with the same event time (none by default). */
  process(values: readonly IN[], timestampMs?: number): void {
    this.sendRecords(0, values, timestampMs)
  }

  /** Sends a batch whose records have event times of their own. */
  processBatch(batch: RecordBatch<IN>): void {
    this.sendBatch(0, batch)
  }

  /** Sends a stream as `events` reads it, each record in a batch of its own. */
  feed(stream: readonly StreamEvent<IN>[]): void {
    for (const event of stream) {
      if (event.kind === 'record') this.process([event.value], event.timestampMs)
      else if (event.kind === 'watermark') this.watermark(event.timestampMs)
      else this.watermarkStatus(event.idle)
    }
  }

  /** Sends a watermark. One that advances nothing is swallowed, as a task does. */
  watermark(timestampMs: number): void {
    this.apply({ kind: 'watermark', input: 0, timestampMs })
  }

  /** Says that the input is idle, or active again. */
  watermarkStatus(idle: boolean): void {
    this.apply({ kind: 'watermarkStatus', input: 0, idle })
  }

  /** Ends the input; the operator is finished then. A source sends its last watermark before. */
  endInput(): void {
    this.apply({ kind: 'endInput', input: 0 })
  }
}

/**
 * Makes a harness for an operator with one input. Reading the output runs the scenario in the other
 * modes as well (small batches, a restore at every step, ...) and compares.
 *
 * ```ts
 * const upperCase = (): OneInputOperator<string> => {
 *   let output!: Output<unknown>
 *   return {
 *     setup: (context) => {
 *       output = context.output
 *     },
 *     processBatch: ({ values, timestamps, length }) => {
 *       for (let i = 0; i < length; i++) {
 *         output.collect(values[i]?.toUpperCase(), timestamps[i] ?? Number.NaN)
 *       }
 *     },
 *     processWatermark: (timestampMs) => output.emitWatermark(timestampMs),
 *     processWatermarkStatus: (idle) => output.emitWatermarkStatus(idle),
 *     initializeState() {},
 *     open() {},
 *     snapshotState() {},
 *     notifyCheckpointComplete() {},
 *     notifyCheckpointAborted() {},
 *     endInput() {},
 *     finish() {},
 *     close() {},
 *   }
 * }
 *
 * const harness = operatorHarness<string>({ operator: upperCase })
 * harness.feed(events('a@1 b@4 W3'))
 * harness.timeline // => 'A@1 B@4 W3'
 * ```
 * @throws INVALID_ARGUMENT for a mode that does not exist
 */
export function operatorHarness<IN, OUT = unknown>(
  options: OperatorHarnessOptions<IN>,
): OperatorHarness<IN, OUT> {
  return new OperatorHarness<IN, OUT>(newScenario(oneInput(options), options))
}

/** An operator with one input, as the harness calls it. */
export function oneInput<IN>(
  options: OperatorHarnessOptions<IN>,
): OperatorUnderTest<OneInputOperator<IN>> {
  const { operator, keyBy } = options
  return {
    create: operator,
    inputs: [keyBy === undefined ? { kind: 'round-robin' } : { kind: 'keyed', keyBy }],
    processBatch: (instance, _input, batch) => instance.processBatch(batch),
    endInput: (instance) => instance.endInput(),
  }
}
