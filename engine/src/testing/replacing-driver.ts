import type { Operator } from '../operator/operator.ts'
import type { HarnessStep } from './harness-step.ts'
import type { ModeDriver } from './mode-driver.ts'
import type { OperatorRun } from './operator-run.ts'
import type { ReplacingRhythm } from './replacing-rhythm.ts'

/** Feeds records one by one and replaces the operators between elements. */
export class ReplacingDriver<O extends Operator> implements ModeDriver {
  readonly #run: OperatorRun<O>
  readonly #rhythm: ReplacingRhythm

  constructor(run: OperatorRun<O>, rhythm: ReplacingRhythm) {
    this.#run = run
    this.#rhythm = rhythm
  }

  apply(step: HarnessStep): void {
    if (step.kind !== 'records') {
      this.#then(step)
      return
    }
    for (let i = 0; i < step.values.length; i++) {
      this.#then({ ...step, values: [step.values[i]], timestamps: [step.timestamps[i] as number] })
    }
  }

  flush(): void {}

  #then(step: HarnessStep): void {
    this.#run.apply(step)
    if (this.#run.blocked || this.#run.subtasks.anyInputEnded) return
    const parallelism = this.#rhythm.nextParallelism(this.#run.subtasks.parallelism)
    if (parallelism !== undefined) this.#run.replaceOperators(parallelism)
  }
}
