import type { MetricGroup } from '../../core/metrics.ts'
import type { TaskInfo } from '../../core/task-info.ts'
import type { Env } from '../../env/env.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { ResourceLease, ResourceOptions } from '../resource/shared-resources.ts'

/**
 * A sink after FLIP-143. A writer takes records; at each barrier it hands over committables, which
 * are part of the checkpoint; once the checkpoint is complete, the committer makes them visible.
 * A sink without a committer gives at-most- or at-least-once, as its writer does.
 *
 * @see FLIP-143, "Unified Sink API"; `transactionalSink` of `@millrace/engine/testing`, a small and
 *   complete one
 */
export interface Sink<T, Committable = never, WriterState = never> {
  /** What the sink is called in plans when the program gives no name. */
  readonly name: string
  /** `client`: its tasks run in the program that submits the job, where its target lives. */
  readonly place?: 'client'
  readonly committableType?: TypeInformation<Committable>
  readonly writerStateType?: TypeInformation<WriterState>
  createWriter(
    context: SinkWriterContext,
    restored: readonly WriterState[],
  ): SinkWriter<T, Committable, WriterState>
  createCommitter?(context: SinkCommitterContext): Committer<Committable>
}

/** Writes the records of one subtask to the target. */
export interface SinkWriter<T, Committable, WriterState> {
  /** Takes a record. I/O is buffered; say `setAvailable(false)` when too much is pending. */
  write(value: T, timestampMs: number): void
  /**
   * At a barrier: everything written so far must become part of this checkpoint. Returns what has
   * to be committed when it completes; the promises of pending I/O go to `awaitBeforeAcknowledge`.
   */
  prepareCommit(checkpointId: number): readonly Committable[]
  /** State to go on from after a restore, drawn right after `prepareCommit`. */
  snapshotState(checkpointId: number): readonly WriterState[]
  /** No record comes any more. Called before the final `prepareCommit`. */
  endInput(): void
  close(): void
}

/**
 * Makes committables visible. `commit` must be idempotent: after a failure it is called again with
 * committables that may be committed already.
 */
export interface Committer<Committable> {
  /**
   * Commits all of `committables`. A rejection is retried with the same list if the error is
   * retryable, and fails the task otherwise.
   */
  commit(committables: readonly Committable[]): Promise<void>
  /** Gives up resources. Never undoes a commit. */
  close(): void
}

/** What a sink writer may use. */
export interface SinkWriterContext {
  readonly task: TaskInfo
  readonly env: Env
  readonly metrics: MetricGroup
  /** The checkpoint this execution attempt started from; undefined after a fresh start. */
  readonly restoredCheckpointId: number | undefined
  /** See `OperatorContext.acquire`. */
  acquire<R>(options: ResourceOptions<R>): ResourceLease<R>
  /** See `OperatorContext.execute`. */
  execute(run: () => void): void
  /** See `OperatorContext.awaitBeforeAcknowledge`; valid within `prepareCommit`. */
  awaitBeforeAcknowledge(done: Promise<void>): void
  /** See `OperatorContext.setAvailable`. */
  setAvailable(available: boolean): void
  /** Calls `run` in the mailbox at a wall time, for rolling by time. */
  schedule(atMs: number, run: () => void): { cancel(): void }
  /** Fails the task: for I/O that failed beside a call. */
  fail(error: unknown): void
}

/** What a committer may use. */
export interface SinkCommitterContext {
  readonly task: TaskInfo
  readonly env: Env
  readonly metrics: MetricGroup
  /** See `OperatorContext.acquire`. */
  acquire<R>(options: ResourceOptions<R>): ResourceLease<R>
}
