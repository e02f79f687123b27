/**
 * `runtime/rpc` holds the interfaces by which JobManager and TaskManagers talk. Neither imports the
 * other: they meet here. Every message is plain data, except for the code in a deployment, which a
 * process loads by itself.
 */
import type { Accumulator } from '../../core/accumulator.ts'
import type { SnapshotPurpose } from '../../core/stream-element.ts'
import type { JobConfiguration } from '../../plan/job-configuration.ts'
import type { SubtaskCheckpointStatistics, SubtaskMetrics } from '../../plan/job-executor.ts'
import type { JobGraph } from '../../plan/job-graph.ts'
import type { StateHandle } from '../../state/checkpoint/checkpoint-metadata.ts'
import type { ExecutionState } from '../execution/execution-state.ts'

/** Names one execution attempt of a subtask. */
export interface ExecutionId {
  readonly jobId: string
  readonly vertexId: string
  readonly subtaskIndex: number
  readonly attempt: number
}

/** What a TaskManager needs to run one subtask. */
export interface TaskDeployment {
  readonly executionId: ExecutionId
  readonly graph: JobGraph
  readonly configuration: JobConfiguration
  /** State to restore, by operator id; undefined if the job starts afresh. */
  readonly restore: TaskRestore | undefined
  /** The rings of the task's channels from and to other threads, by {@link channelKey}. */
  readonly rings?: ReadonlyMap<string, RingLocation>
}

/** A channel in memory that two threads share. */
export interface RingLocation {
  readonly ring: SharedArrayBuffer
  /** The word that wakes the thread of the other end. */
  readonly peerBell: SharedArrayBuffer
}

/** The state a task starts from. */
export interface TaskRestore {
  readonly checkpointId: number
  /** For each operator the handles of all its subtasks at the time of the snapshot. */
  readonly operators: Readonly<Record<string, readonly (StateHandle | undefined)[]>>
  /** True if all subtasks of this vertex had ended before the snapshot: only commits are left. */
  readonly finished: boolean
}

/** What a TaskManager is told by the JobMaster. */
export interface TaskManagerGateway {
  deploy(deployment: TaskDeployment): void
  cancel(executionId: ExecutionId): void
  /** Ends a task that has processed all its input, after the last checkpoint. */
  finish(executionId: ExecutionId): void
  triggerCheckpoint(executionId: ExecutionId, trigger: CheckpointTrigger): void
  notifyCheckpointComplete(executionId: ExecutionId, checkpointId: number): void
  notifyCheckpointAborted(executionId: ExecutionId, checkpointId: number): void
  addSplits(executionId: ExecutionId, operatorId: string, splits: readonly unknown[]): void
  signalNoMoreSplits(executionId: ExecutionId, operatorId: string): void
  /** Nobody reads from these edges any more: what their channels keep can go. */
  releaseExchanges(edgeIds: readonly number[]): void
  /** How far the slowest subtask is of those that a source aligns its watermark with. */
  alignWatermark(executionId: ExecutionId, operatorId: string, groupWatermarkMs: number): void
}

/** Starts a checkpoint at a task that no running task sends to. */
export interface CheckpointTrigger {
  readonly checkpointId: number
  readonly triggeredMs: number
  readonly purpose: SnapshotPurpose
}

/** What the JobMaster is told by TaskManagers. */
export interface JobMasterGateway {
  updateExecutionState(
    executionId: ExecutionId,
    state: ExecutionState,
    error: unknown,
    report: TaskReport | undefined,
  ): void
  /** The task has no more records to process; it waits for the last checkpoint. */
  reportEndOfData(executionId: ExecutionId): void
  acknowledgeCheckpoint(executionId: ExecutionId, acknowledgement: CheckpointAcknowledgement): void
  declineCheckpoint(executionId: ExecutionId, checkpointId: number, reason: string): void
  requestSplit(executionId: ExecutionId, operatorId: string): void
  /** How far a source is that aligns its watermark with others; the end of time if it is idle. */
  reportWatermark(executionId: ExecutionId, operatorId: string, watermarkMs: number): void
}

/** A task's part of a checkpoint is durable. */
export interface CheckpointAcknowledgement {
  readonly checkpointId: number
  readonly operators: readonly { readonly operatorId: string; readonly handle: StateHandle }[]
  /** True if the task had processed all its input before the snapshot. */
  readonly finished: boolean
  readonly statistics: SubtaskCheckpointStatistics
}

/** What a task knows of itself: read live, and kept when it ends. */
export interface TaskReport {
  readonly metrics: readonly SubtaskMetrics[]
  /** Accumulators of this subtask by name. */
  readonly accumulators: ReadonlyMap<string, Accumulator<never, unknown>>
  /** What this subtask sent to keyed operators. */
  readonly keyGroups: readonly KeyGroupRecords[]
}

/** How many records one subtask sent to a keyed operator, by key group. */
export interface KeyGroupRecords {
  /** The operator that receives them. */
  readonly operatorId: string
  readonly records: Float64Array
}

/** A string that names an execution attempt, for maps and logs. */
export function executionKey(id: ExecutionId): string {
  return `${id.vertexId}/${id.subtaskIndex}#${id.attempt}`
}

/** A string that names a channel of an execution attempt. */
export function channelKey(edgeId: number, sourceSubtask: number, targetSubtask: number): string {
  return `${edgeId}|${sourceSubtask}|${targetSubtask}`
}
