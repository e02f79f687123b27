import type { CheckpointStatistics, SubtaskCheckpointStatistics } from '../../plan/job-executor.ts'

/** How many checkpoints are remembered. */
const HISTORY_LENGTH = 1_000

/** Remembers how the last checkpoints went. */
export class CheckpointHistory {
  readonly #checkpoints = new Map<number, CheckpointStatistics>()

  triggered(checkpointId: number, triggeredMs: number): void {
    this.#checkpoints.set(checkpointId, {
      checkpointId,
      status: 'IN_PROGRESS',
      triggeredMs,
      durationMs: undefined,
      sizeBytes: 0,
      path: undefined,
      failure: undefined,
      subtasks: [],
    })
    if (this.#checkpoints.size > HISTORY_LENGTH) {
      const oldest = this.#checkpoints.keys().next().value
      if (oldest !== undefined) this.#checkpoints.delete(oldest)
    }
  }

  completed(
    checkpointId: number,
    nowMs: number,
    path: string | undefined,
    subtasks: readonly SubtaskCheckpointStatistics[],
  ): void {
    this.#end(checkpointId, nowMs, { status: 'COMPLETED', path, failure: undefined, subtasks })
  }

  failed(
    checkpointId: number,
    nowMs: number,
    status: 'FAILED' | 'EXPIRED',
    failure: string,
    subtasks: readonly SubtaskCheckpointStatistics[],
  ): void {
    this.#end(checkpointId, nowMs, { status, path: undefined, failure, subtasks })
  }

  /** Oldest first. */
  statistics(): readonly CheckpointStatistics[] {
    return [...this.#checkpoints.values()]
  }

  #end(
    checkpointId: number,
    nowMs: number,
    outcome: Pick<CheckpointStatistics, 'status' | 'path' | 'failure' | 'subtasks'>,
  ): void {
    const started = this.#checkpoints.get(checkpointId)
    if (started === undefined) return
    this.#checkpoints.set(checkpointId, {
      ...started,
      ...outcome,
      durationMs: nowMs - started.triggeredMs,
      sizeBytes: outcome.subtasks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    })
  }
}
