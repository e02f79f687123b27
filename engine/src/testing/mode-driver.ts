import type { HarnessStep } from './harness-step.ts'

/** Carries out the steps of a scenario in the manner of one mode. */
export interface ModeDriver {
  apply(step: HarnessStep): void
  /** Carries out what was held back to make larger batches. */
  flush(): void
}
