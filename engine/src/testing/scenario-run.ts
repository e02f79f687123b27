import { SeededRandom } from '../env/seeded-random.ts'
import type { Operator } from '../operator/operator.ts'
import { contractViolation } from './contract-violation.ts'
import { driverOfMode } from './driver-of-mode.ts'
import { HARNESS_MODE_TRAITS, type HarnessMode } from './harness-mode.ts'
import { describeStep, type HarnessStep } from './harness-step.ts'
import type { ModeDriver } from './mode-driver.ts'
import { OperatorRun, type OperatorRunOptions } from './operator-run.ts'

/** How much had been emitted after a step: what came later is not that step's doing. */
export interface OutputMark {
  /** How many steps had been carried out. */
  readonly steps: number
  /** How many records each stream held: `output`, or `side output 'id'`. */
  readonly counts: ReadonlyMap<string, number>
}

/** One scenario in one mode: the steps so far, and marks that find the step behind a difference. */
export class ScenarioRun<O extends Operator> {
  readonly mode: HarnessMode
  readonly run: OperatorRun<O>
  readonly marks: OutputMark[] = []
  readonly #driver: ModeDriver
  #steps = 0

  constructor(mode: HarnessMode, options: OperatorRunOptions<O>, seed: number) {
    this.mode = mode
    this.run = new OperatorRun(options, HARNESS_MODE_TRAITS[mode])
    this.#driver = driverOfMode(mode, this.run, new SeededRandom(seed).stream(mode))
  }

  /** How many steps were given to this run. */
  get steps(): number {
    return this.#steps
  }

  apply(step: HarnessStep): void {
    this.#steps++
    this.#driver.apply(step)
    const heldBack = step.kind === 'records' && this.mode.startsWith('batch')
    if (!heldBack) this.#mark()
  }

  /** As `apply`; a failure names the mode and the step, since the plain run passed it. */
  replay(step: HarnessStep): void {
    try {
      this.apply(step)
    } catch (error) {
      throw this.#failure(`step ${this.#steps}, ${describeStep(step)}`, error)
    }
  }

  /** Carries out what was held back to make larger batches. */
  flush(): void {
    try {
      this.#driver.flush()
    } catch (error) {
      throw this.#failure(`the records up to step ${this.#steps}`, error)
    }
    this.#mark()
  }

  #failure(where: string, error: unknown): Error {
    const cause = error instanceof Error ? error.message : String(error)
    return contractViolation(`mode '${this.mode}' failed at ${where}: ${cause}`, error)
  }

  #mark(): void {
    const counts = new Map([['output', this.run.streams.records.length]])
    for (const [id, records] of this.run.streams.sideOutputs)
      counts.set(sideName(id), records.length)
    this.marks.push({ steps: this.#steps, counts })
  }
}

/** The name of a side output in marks and messages. */
export function sideName(tagId: string): string {
  return `side output '${tagId}'`
}
