import { EngineError, ErrorCode } from '../base/engine-error.ts'
import type { Operator } from '../operator/operator.ts'
import type { RecordErrorPolicy } from '../operator/record-error-policy.ts'
import { CapturedStreams } from './captured-output.ts'
import { deepCopy } from './deep-copy.ts'
import { deepFreeze } from './deep-freeze.ts'
import type { HarnessModeTraits } from './harness-mode.ts'
import type { HarnessSnapshot } from './harness-snapshot.ts'
import type { HarnessStep } from './harness-step.ts'
import { OperatorSubtasks, type OperatorUnderTest } from './operator-subtasks.ts'
import { TestEnv, type TestEnvOptions } from './test-env.ts'

/** What a run of a scenario is made with; the same for all modes. */
export interface OperatorRunOptions<O extends Operator> {
  readonly underTest: OperatorUnderTest<O>
  readonly parallelism: number
  readonly maxParallelism: number
  readonly recordErrorPolicy: RecordErrorPolicy
  readonly autoWatermarkIntervalMs: number
  readonly globalParameters: Readonly<Record<string, string>>
  readonly operatorName: string
  /** Makes what each mode's environment is made of, so that modes share nothing. */
  readonly envOptions: () => TestEnvOptions
}

/** Snapshots that replace operators between steps count from here, away from a test's own ids. */
const REPLACING_CHECKPOINT_ID_FIRST = 1_000_000_001

/**
 * One run of a scenario in one mode: carries out steps on the subtasks and keeps their snapshots.
 * While an operator says it is not available, stream elements wait in line.
 */
export class OperatorRun<O extends Operator> {
  readonly streams: CapturedStreams
  readonly env: TestEnv
  readonly subtasks: OperatorSubtasks<O>
  /** Promises that hold back the acknowledgement of a snapshot. */
  acknowledgements: Promise<void>[] = []
  readonly #traits: HarnessModeTraits
  readonly #snapshots = new Map<HarnessSnapshot, HarnessSnapshot>()
  readonly #waiting: HarnessStep[] = []
  #lastSnapshot: HarnessSnapshot | undefined
  #nextReplacingId = REPLACING_CHECKPOINT_ID_FIRST

  constructor(options: OperatorRunOptions<O>, traits: HarnessModeTraits) {
    this.#traits = traits
    this.streams = new CapturedStreams(traits.captureStyle)
    this.env = new TestEnv(options.envOptions())
    this.subtasks = new OperatorSubtasks({
      ...options,
      env: this.env,
      streams: this.streams,
      overwriteInputs: traits.overwriteInputs,
    })
  }

  /** True while an operator takes no input and elements wait in line. */
  get blocked(): boolean {
    return this.#waiting.length > 0 || !this.subtasks.available
  }

  /** Carries out a step, or puts it in line while an operator is not available. */
  apply(step: HarnessStep): void {
    if (this.blocked && travelsInChannel(step)) {
      this.#waiting.push(step)
      this.#resume()
      return
    }
    this.#carryOut(step)
    this.#resume()
  }

  /** Draws a snapshot now. @throws UNSUPPORTED while an operator is not available */
  snapshot(checkpointId: number): HarnessSnapshot {
    if (this.blocked) {
      throw new EngineError(
        ErrorCode.UNSUPPORTED,
        'the operator takes no input at present, so a barrier cannot reach it; let its pending ' +
          'work finish first (`await harness.settle()`)',
      )
    }
    const { snapshot, acknowledgements } = this.subtasks.snapshot(checkpointId)
    this.acknowledgements.push(...acknowledgements)
    this.#lastSnapshot = snapshot
    return snapshot
  }

  /** Goes on in fresh operators, restored from a snapshot drawn now. */
  replaceOperators(parallelism: number): void {
    this.subtasks.replaceOperators(this.#nextReplacingId++, parallelism)
  }

  #resume(): void {
    while (this.#waiting.length > 0 && this.subtasks.available) {
      this.#carryOut(this.#waiting.shift() as HarnessStep)
    }
  }

  #carryOut(step: HarnessStep): void {
    const subtasks = this.subtasks
    switch (step.kind) {
      case 'records':
        subtasks.records(step.input, this.#input(step.values), step.timestamps)
        break
      case 'watermark':
        subtasks.watermark(step.input, step.timestampMs)
        break
      case 'watermarkStatus':
        subtasks.watermarkStatus(step.input, step.idle)
        break
      case 'endInput':
        subtasks.endInput(step.input)
        break
      case 'advanceProcessingTime':
        subtasks.advanceProcessingTime(step.toMs)
        break
      case 'keepSnapshot':
        // The run that drew the named snapshot has it already.
        if (step.token === this.#lastSnapshot) break
        this.#snapshots.set(step.token, this.snapshot(step.checkpointId))
        break
      case 'notifyCheckpointComplete':
        subtasks.notifyCheckpointComplete(step.checkpointId)
        break
      case 'notifyCheckpointAborted':
        subtasks.notifyCheckpointAborted(step.checkpointId)
        break
      case 'restore':
        this.#waiting.length = 0 // what was in flight is lost, as in a failure
        subtasks.restore(this.#ownSnapshot(step.token), step.parallelism)
        break
      case 'drainMailbox':
        subtasks.drainMailbox()
        break
      case 'failNext':
        this.env.failNext(step.point)
        break
    }
  }

  /** What this run drew where the first run drew `token`; a foreign snapshot stands for itself. */
  #ownSnapshot(token: HarnessSnapshot | undefined): HarnessSnapshot | undefined {
    return token && (this.#snapshots.get(token) ?? token)
  }

  #input(values: readonly unknown[]): readonly unknown[] {
    const { copyInputs, overwriteInputs } = this.#traits
    if (!copyInputs) return values
    const copies = values.map(deepCopy)
    return overwriteInputs ? copies.map(deepFreeze) : copies
  }
}

/** True for what flows in channels and so cannot pass an operator that takes no input. */
function travelsInChannel(step: HarnessStep): boolean {
  switch (step.kind) {
    case 'records':
    case 'watermark':
    case 'watermarkStatus':
    case 'endInput':
      return true
    default:
      return false
  }
}
