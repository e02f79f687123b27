import type { Operator } from '../operator/operator.ts'
import { compareRuns } from './compare-runs.ts'
import { contractViolation } from './contract-violation.ts'
import { deepCopy } from './deep-copy.ts'
import type { HarnessMode } from './harness-mode.ts'
import type { HarnessSnapshot } from './harness-snapshot.ts'
import type { HarnessStep } from './harness-step.ts'
import type { OperatorRun, OperatorRunOptions } from './operator-run.ts'
import { ScenarioRun } from './scenario-run.ts'

/** What a {@link Scenario} is made with. */
export interface ScenarioOptions<O extends Operator> {
  readonly run: OperatorRunOptions<O>
  /** The mode in which steps are carried out at once; the others replay them. */
  readonly firstMode: HarnessMode
  readonly modes: readonly HarnessMode[]
  readonly seed: number
}

/**
 * The steps of one test. They are carried out at once in the first mode, so that errors and values
 * come from the line that caused them, and replayed in the other modes when an output is read.
 */
export class Scenario<O extends Operator> {
  readonly #options: ScenarioOptions<O>
  readonly #steps: HarnessStep[] = []
  readonly #first: ScenarioRun<O>
  #others: readonly ScenarioRun<O>[] | undefined
  #replayable = true
  #disagreement: unknown

  constructor(options: ScenarioOptions<O>) {
    this.#options = options
    this.#first = new ScenarioRun(options.firstMode, options.run, options.seed)
  }

  /** The run of the first mode, with everything it was told carried out. */
  get run(): OperatorRun<O> {
    if (this.#replayable) this.#first.flush()
    return this.#first.run
  }

  get steps(): readonly HarnessStep[] {
    return this.#steps
  }

  /** Carries out a step and records it. */
  apply(step: HarnessStep): void {
    // Other modes get the records as they are now, whatever the operator does to them.
    this.#steps.push(
      step.kind === 'records' ? { ...step, values: step.values.map(deepCopy) } : step,
    )
    if (step.kind === 'failNext') this.#replayable = false
    try {
      this.#first.apply(step)
    } catch (error) {
      this.#replayable = false
      throw error
    }
  }

  /** Draws a snapshot in the first run, and makes the others draw theirs at this step. */
  snapshot(checkpointId: number): HarnessSnapshot {
    this.#first.flush()
    let token: HarnessSnapshot
    try {
      token = this.#first.run.snapshot(checkpointId)
    } catch (error) {
      this.#replayable = false
      throw error
    }
    this.apply({ kind: 'keepSnapshot', checkpointId, token })
    return token
  }

  /** The other modes cannot follow any more: the test waits for promises, or failed on purpose. */
  stopReplaying(): void {
    this.#replayable = false
  }

  /** @throws CONTRACT_VIOLATION if a mode disagrees with the first one */
  verify(): void {
    if (this.#disagreement !== undefined) throw this.#disagreement
    if (!this.#replayable) return
    this.#first.flush()
    try {
      this.#others ??= this.#options.modes
        .filter((mode) => mode !== this.#options.firstMode)
        .map((mode) => new ScenarioRun(mode, this.#options.run, this.#options.seed))
      for (const other of this.#others) this.#catchUp(other)
    } catch (error) {
      this.#disagreement = error
      throw error
    }
  }

  /** Compares this run in another mode with that of the plain scenario. */
  verifyAgainst(plain: Scenario<O>): void {
    this.#first.flush()
    compareRuns(plain.#first, this.#first, plain.#steps)
  }

  /** @throws CONTRACT_VIOLATION if state entries or timers are left */
  verifyNothingLeft(): void {
    const { entries, timers } = this.run.subtasks.size
    if (entries + timers === 0) return
    throw contractViolation(
      `${entries} state entries and ${timers} timers are left at the end of the scenario. Clear them ` +
        'when a key is done, end the scenario with a watermark that closes everything, or say ' +
        '`leavesState: true`',
    )
  }

  /** Closes the operators of all runs. */
  close(): void {
    for (const other of this.#others ?? []) other.run.subtasks.close()
    this.#first.run.subtasks.close()
  }

  #catchUp(other: ScenarioRun<O>): void {
    while (other.steps < this.#steps.length) other.replay(this.#steps[other.steps] as HarnessStep)
    other.flush()
    compareRuns(this.#first, other, this.#steps)
  }
}
