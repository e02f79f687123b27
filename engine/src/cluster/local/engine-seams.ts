import type { BarrierHandlerFactory } from '../../runtime/task/barrier-handler.ts'
import type { CheckpointStorage } from '../../state/checkpoint/checkpoint-storage.ts'

/**
 * Parts of the engine that a program may bring its own of, for learning and for tests. They are
 * bound when the environment is made and hold for all its jobs.
 */
export interface EngineSeams {
  /** Makes the barrier handler of each task with inputs. Default: `AlignedBarrierHandler`. */
  readonly createBarrierHandler?: BarrierHandlerFactory
  /** Puts something between the engine and its checkpoint storage. Default: nothing. */
  readonly wrapCheckpointStorage?: (storage: CheckpointStorage) => CheckpointStorage
}
