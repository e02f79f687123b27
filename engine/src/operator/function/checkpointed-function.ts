import type { KeyedStateStore } from '../../state/keyed-state.ts'
import type { OperatorStateStore } from '../../state/operator-state.ts'

/** A function that keeps operator state and writes it when a snapshot is drawn. */
export interface CheckpointedFunction {
  /** Called before `open`; restored state is there when `isRestored` is true. */
  initializeState(context: FunctionInitializationContext): void
  /** Called at each barrier: write what is in memory into the state. */
  snapshotState(checkpointId: number): void
}

/** What {@link CheckpointedFunction.initializeState} gets. */
export interface FunctionInitializationContext {
  readonly isRestored: boolean
  readonly operatorState: OperatorStateStore
  /** Keyed state; every access throws INVALID_PROGRAM if the stream is not keyed. */
  readonly keyedState: KeyedStateStore
}

/** A function that is told about complete checkpoints. */
export interface CheckpointListener {
  notifyCheckpointComplete(checkpointId: number): void
  notifyCheckpointAborted?(checkpointId: number): void
}
