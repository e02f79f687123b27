import type { OneInputOperator } from '../operator/operator.ts'
import { modesOf, newScenario } from './harness-options.ts'
import { OperatorHarness, type OperatorHarnessOptions, oneInput } from './operator-harness.ts'

/** What {@link runInAllModes} is told beside the operator. */
export interface RunInAllModesOptions<IN> extends OperatorHarnessOptions<IN> {
  /** True if timers or keyed state may be left at the end of the scenario. */
  readonly leavesState?: boolean
}

/**
 * Runs a scenario in every mode, checks that the outputs agree and that no timer and no keyed state
 * is left, and returns the harness of the plain run to assert on. A scenario that awaits is called
 * once per mode, so it must do the same each time.
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
 * const harness = runInAllModes<string, string>({ operator: upperCase }, (h) => {
 *   h.process(['a', 'b'], 5)
 *   h.watermark(9)
 * })
 * harness.timeline // => 'A@5 B@5 W9'
 * ```
 * @throws CONTRACT_VIOLATION naming the mode, the step and the difference
 */
export function runInAllModes<IN, OUT = unknown>(
  options: RunInAllModesOptions<IN>,
  scenario: (harness: OperatorHarness<IN, OUT>) => Promise<void>,
): Promise<OperatorHarness<IN, OUT>>
export function runInAllModes<IN, OUT = unknown>(
  options: RunInAllModesOptions<IN>,
  scenario: (harness: OperatorHarness<IN, OUT>) => void,
): OperatorHarness<IN, OUT>
export function runInAllModes<IN, OUT = unknown>(
  options: RunInAllModesOptions<IN>,
  scenario: (harness: OperatorHarness<IN, OUT>) => void | Promise<void>,
): OperatorHarness<IN, OUT> | Promise<OperatorHarness<IN, OUT>> {
  const plain = newScenario<OneInputOperator<IN>>(oneInput(options), options)
  const harness = new OperatorHarness<IN, OUT>(plain)
  const running = scenario(harness)
  const end = (): OperatorHarness<IN, OUT> => {
    if (options.leavesState !== true) plain.verifyNothingLeft()
    return harness
  }
  if (!(running instanceof Promise)) {
    harness.verify()
    return end()
  }
  return running.then(async () => {
    for (const mode of modesOf(oneInput(options), options.modes ?? 'all')) {
      if (mode === 'plain') continue
      const other = newScenario<OneInputOperator<IN>>(oneInput(options), options, mode)
      await scenario(new OperatorHarness<IN, OUT>(other))
      other.verifyAgainst(plain)
      other.close()
    }
    return end()
  })
}
