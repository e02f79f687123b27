import type { Accumulator } from '../core/accumulator.ts'
import type { MetricGroup } from '../core/metrics.ts'
import type { TaskInfo } from '../core/task-info.ts'
import type { Env } from '../env/env.ts'
import type { KeyedStateBackend } from '../state/keyed-state-backend.ts'
import type { OperatorStateStore } from '../state/operator-state.ts'
import type { Output } from './output.ts'
import type { RecordErrorPolicy } from './record-error-policy.ts'
import type { ResourceLease, ResourceOptions } from './resource/shared-resources.ts'

/** What an operator sees of the world around it. Made by the runtime for each operator. */
export interface OperatorContext {
  readonly task: TaskInfo
  // biome-ignore lint/suspicious/noExplicitAny: an operator knows the type of its own output
  readonly output: Output<any>
  readonly metrics: MetricGroup
  /** Operator state; there for every operator. */
  readonly operatorState: OperatorStateStore
  /** Keyed state and timers. @throws INVALID_PROGRAM if the operator is not keyed. */
  readonly keyedState: KeyedStateBackend
  /** The checkpoint that the state was restored from; undefined after a fresh start. */
  readonly restoredCheckpointId: number | undefined
  readonly processingTime: ProcessingTimeService
  /** What happens to a record whose user function throws. */
  readonly recordErrorPolicy: RecordErrorPolicy
  /** Watermark interval of periodic generators in milliseconds; 0 means after every record. */
  readonly autoWatermarkIntervalMs: number
  /** The job's parameters (ParameterTool), readable in every function. */
  readonly globalParameters: Readonly<Record<string, string>>
  /** Registers an accumulator whose merged value comes back with the job's result. */
  addAccumulator(name: string, accumulator: Accumulator<never, unknown>): void
  /**
   * Takes part in a resource such as a connection pool. It is released when the task ends, after
   * functions, readers and writers were closed.
   */
  acquire<R>(options: ResourceOptions<R>): ResourceLease<R>
  /**
   * Runs `run` in the task's mailbox: the only legal way back into an operator from a promise, a
   * timer or a socket. Does nothing once the task has ended; errors fail the task.
   */
  execute(run: () => void): void
  /**
   * Lets the acknowledgement of the checkpoint in progress wait for `done`; a rejection declines
   * the checkpoint. Only valid within `snapshotState`.
   */
  awaitBeforeAcknowledge(done: Promise<void>): void
  /**
   * Lets the end of the task wait for `done`: commits of the last checkpoint. A rejection fails the
   * task.
   */
  awaitBeforeFinish(done: Promise<void>): void
  /**
   * Tells the task whether the operator can take more input. While one of its operators is not
   * available, the task processes no further batches (a batch in hand finishes).
   */
  setAvailable(available: boolean): void
  /** Tells whoever runs the job of something that looks wrong and needs no failure. */
  warn(message: string): void
  /** Files, clock and randomness of the process, for sources, sinks and connectors. */
  readonly env: Env
}

/** Wall time and its timers, inside the mailbox. */
export interface ProcessingTimeService {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Calls `run` in the task's mailbox at `atMs`. Cancelled when the task ends. */
  schedule(atMs: number, run: (timestampMs: number) => void): { cancel(): void }
}
