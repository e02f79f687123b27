import type { Operator } from '../operator/operator.ts'
import type { HarnessStep } from './harness-step.ts'
import type { ModeDriver } from './mode-driver.ts'
import type { OperatorRun } from './operator-run.ts'

/** Joins the records of neighbouring steps and cuts them anew. */
export class BatchingDriver<O extends Operator> implements ModeDriver {
  readonly #run: OperatorRun<O>
  readonly #nextSize: (left: number) => number
  #input = 0
  #values: unknown[] = []
  #timestamps: number[] = []

  constructor(run: OperatorRun<O>, nextSize: (left: number) => number) {
    this.#run = run
    this.#nextSize = nextSize
  }

  apply(step: HarnessStep): void {
    if (step.kind !== 'records') {
      this.flush()
      this.#run.apply(step)
      return
    }
    if (step.input !== this.#input) this.flush()
    this.#input = step.input
    for (const value of step.values) this.#values.push(value)
    for (const timestampMs of step.timestamps) this.#timestamps.push(timestampMs)
  }

  flush(): void {
    const values = this.#values
    const timestamps = this.#timestamps
    this.#values = []
    this.#timestamps = []
    for (let start = 0; start < values.length; ) {
      const end = start + this.#nextSize(values.length - start)
      this.#run.apply({
        kind: 'records',
        input: this.#input,
        values: values.slice(start, end),
        timestamps: timestamps.slice(start, end),
      })
      start = end
    }
  }
}
