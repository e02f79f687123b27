import { MIN_WATERMARK_MS } from '../core/stream-element.ts'
import type { Operator } from '../operator/operator.ts'
import type { HarnessStep } from './harness-step.ts'
import type { ModeDriver } from './mode-driver.ts'
import type { OperatorRun } from './operator-run.ts'

/** Repeats watermarks, sends lower ones between, and lets the input fall idle and come back. */
export class TimeStressDriver<O extends Operator> implements ModeDriver {
  readonly #run: OperatorRun<O>

  constructor(run: OperatorRun<O>) {
    this.#run = run
  }

  apply(step: HarnessStep): void {
    this.#run.apply(step)
    const { subtasks } = this.#run
    const watermarkMs = subtasks.watermarkMs
    if (step.kind !== 'watermark' || this.#run.blocked || watermarkMs === MIN_WATERMARK_MS) return
    if (subtasks.isIdle) return
    subtasks.rawWatermark(watermarkMs)
    subtasks.rawWatermark(watermarkMs - 1)
    subtasks.rawWatermarkStatus(true)
    subtasks.rawWatermarkStatus(false)
    subtasks.rawWatermark(watermarkMs)
  }

  flush(): void {}
}
