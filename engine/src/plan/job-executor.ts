import type { JobConfiguration } from './job-configuration.ts'
import type { JobGraph } from './job-graph.ts'

/** Runs jobs. The API submits to it; `cluster/` implements it. */
export interface JobExecutor {
  /** Starts a job and returns at once. Rejects if the job cannot be accepted. */
  submit(graph: JobGraph, configuration: JobConfiguration): Promise<JobClient>
}

/** The states of a job. Names are Flink's. */
export type JobState =
  | 'CREATED'
  | 'RUNNING'
  | 'FAILING'
  | 'FAILED'
  | 'CANCELLING'
  | 'CANCELED'
  | 'FINISHED'
  | 'RESTARTING'
  | 'SUSPENDED'

/** A handle on a submitted job. */
export interface JobClient {
  /** The id of the job; the same after a restore from its checkpoint. */
  readonly jobId: string
  /** The name given to `execute`. */
  readonly jobName: string
  /** The present state. */
  status(): JobState
  /** All states so far, with the wall time of each change in milliseconds. */
  stateHistory(): readonly { readonly state: JobState; readonly atMs: number }[]
  /**
   * Resolves when the job is FINISHED and all its output is committed. Rejects with JOB_CANCELED or
   * JOB_FAILED (with the reason as cause).
   */
  result(): Promise<JobExecutionResult>
  /** Stops the job at once, without a savepoint. Resolves when all tasks have ended. */
  cancel(): Promise<void>
  /** Present values of the accumulators, merged over the subtasks. */
  accumulators(): Readonly<Record<string, unknown>>
  /** Metrics of all subtasks: `operator name . subtask . metric`. */
  metrics(): readonly SubtaskMetrics[]
  /** How evenly each operator of parallelism 2 or more has shared its records, so far. */
  skew(): readonly OperatorSkew[]
  /** Statistics of the checkpoints so far, newest last. */
  checkpoints(): readonly CheckpointStatistics[]
}

/** The metrics of one operator in one subtask. */
export interface SubtaskMetrics {
  readonly operatorId: string
  readonly operatorName: string
  readonly subtaskIndex: number
  readonly values: Readonly<Record<string, number>>
}

/**
 * How evenly the records of an operator are shared among its subtasks. Plain data, for programs,
 * REST and UI. Counts are those of the present execution attempt.
 *
 * ```ts
 * const env = getExecutionEnvironment().setParallelism(2)
 * const words = env.fromElements('a', 'a', 'a', 'a').keyBy((word) => word)
 * words.reduce((_, word) => word).name('Last').sinkTo(discardSink())
 * const client = await env.executeAsync()
 * await client.result()
 * const [last] = client.skew()
 * last?.records // => [0, 4]
 * last?.skew // => 2
 * last?.keyGroups[0]?.share // => 1
 * ```
 */
export interface OperatorSkew {
  readonly operatorId: string
  readonly operatorName: string
  /** Records by subtask: those that came in; of a source, those that went out. */
  readonly records: readonly number[]
  readonly mean: number
  readonly max: number
  /** `max / mean`: 1 if all subtasks have the same, the parallelism if one has everything. */
  readonly skew: number
  /** The subtask with the most records. */
  readonly busiestSubtask: number
  /**
   * The key groups with the most records, most first, 5 at most. Empty unless records reach the
   * operator by `keyBy`.
   */
  readonly keyGroups: readonly KeyGroupShare[]
  /** What stands out and what to do about it; undefined if the load is even. */
  readonly hint: string | undefined
}

/** One key group's part of the records of an operator. */
export interface KeyGroupShare {
  readonly keyGroup: number
  /** The subtask that owns it. */
  readonly subtaskIndex: number
  readonly records: number
  /** Its records over all records of the operator, 0 to 1. */
  readonly share: number
}

/** What a finished job leaves. */
export interface JobExecutionResult {
  readonly jobId: string
  readonly jobName: string
  readonly runtimeMs: number
  /** How often the job was restarted. */
  readonly restarts: number
  /** Merged accumulators by name. */
  readonly accumulators: Readonly<Record<string, unknown>>
  /**
   * How many records each sink has taken, by its name; sinks of one name are added up. All of it is
   * committed. Counts from the last start of its tasks: what a restart from a checkpoint had behind
   * it is not in it.
   */
  readonly sinkRecords: Readonly<Record<string, number>>
}

/** How one checkpoint went. */
export interface CheckpointStatistics {
  readonly checkpointId: number
  readonly status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'EXPIRED'
  readonly triggeredMs: number
  /** From trigger to completion, or to the failure. */
  readonly durationMs: number | undefined
  readonly sizeBytes: number
  /** Where a completed checkpoint lies. */
  readonly path: string | undefined
  /** Why it failed. */
  readonly failure: string | undefined
  readonly subtasks: readonly SubtaskCheckpointStatistics[]
}

/** One subtask's part of a checkpoint. Durations in milliseconds. */
export interface SubtaskCheckpointStatistics {
  readonly vertexName: string
  readonly subtaskIndex: number
  /** From the trigger until the first barrier arrived here. */
  readonly startDelayMs: number
  /** From the first barrier to the last. */
  readonly alignmentMs: number
  /** How long the task was stopped to draw the line. */
  readonly syncMs: number
  /** Serializing in slices and writing to the checkpoint storage. */
  readonly asyncMs: number
  readonly sizeBytes: number
  /** From the trigger until the acknowledgement. */
  readonly endToEndMs: number
}
