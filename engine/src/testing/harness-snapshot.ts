import type { StateSection } from '../state/state-section.ts'

/** The state of an operator at a barrier, as bytes; what a harness restores from. */
export interface HarnessSnapshot {
  readonly checkpointId: number
  readonly parallelism: number
  readonly maxParallelism: number
  /** The sections of each subtask, by its index. */
  readonly subtasks: readonly (readonly StateSection[])[]
}
