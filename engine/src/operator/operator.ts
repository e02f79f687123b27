/**
 * `operator/` owns what happens to records: function interfaces, time, windows, process functions,
 * sources and sinks. An operator knows its context and its output; it knows nothing of tasks,
 * channels or checkpoint coordination.
 */
import type { RecordBatch } from '../core/record-batch.ts'
import type { OperatorContext } from './operator-context.ts'
import type { RecordStage } from './record-stage.ts'

/**
 * The runtime form of a transformation. All calls come from the task's mailbox, one at a time:
 *
 * `setup` -> `initializeState` -> `open` -> (records, watermarks, timers, `snapshotState`,
 * `notifyCheckpointComplete`)* -> `endInput` per input -> (mails, timers, `snapshotState`, ...
 * until there is no pending work) -> `finish` -> `close`. In BATCH a keyed operator gets its
 * records one key at a time, with an `endKey` behind each.
 *
 * `close` is also called after a failure, at any point after `setup`, and exactly once.
 */
export interface Operator {
  /** Hands over context and output. Nothing may be emitted yet. */
  setup(context: OperatorContext): void
  /** Registers state; restored state is there already. */
  initializeState(): void
  /** The last step before records: calls `open` of user functions. May emit nothing. */
  open(): void
  /**
   * The combined watermark of the operator's inputs advanced. The operator fires what is due,
   * then passes the watermark on by `context.output.emitWatermark`.
   */
  processWatermark(timestampMs: number): void
  /** The combined watermark status of the inputs changed; usually passed on. */
  processWatermarkStatus(idle: boolean): void
  /**
   * Writes buffered values into state, since a snapshot is drawn right after. Timers and keyed
   * state need nothing done. Called at the barrier, before it is passed on.
   */
  snapshotState(checkpointId: number): void
  /** The checkpoint is complete and durable. Ids only grow; some may be left out. */
  notifyCheckpointComplete(checkpointId: number): void
  /** The checkpoint will never complete. */
  notifyCheckpointAborted(checkpointId: number): void
  /**
   * True while work is under way that may still emit: requests without answer, records in a loop.
   * Asked once all inputs have ended, and again after each mail; `finish` is called, and the end of
   * the input passed on, only when it is false. Snapshots are taken meanwhile. Operators whose
   * output follows their input at once leave it out.
   */
  hasPendingWork?(): boolean
  /**
   * No further records of the current key come, and none of another came since its first: the
   * operator fires all that is due of the key as if the watermark had passed the end of time (but
   * passes no watermark on), forgets the key, and goes back to the beginning of event time. Only
   * called in BATCH. Operators without keyed state leave it out.
   */
  endKey?(): void
  /** No records come any more, after `endInput` of all inputs. The last chance to emit. */
  finish(): void
  /** Gives up resources: files, connections, user functions. Never emits. */
  close(): void
}

/** An operator with one input. */
export interface OneInputOperator<IN> extends Operator {
  /** Processes a batch. It is valid until the call returns. */
  processBatch(batch: RecordBatch<IN>): void
  /**
   * What `processBatch` does with each record, for an operator that does nothing else with a batch:
   * the runtime may then call that instead, in one loop with the operators around. Asked once the
   * operator is open. Others leave it out.
   */
  recordStage?(): RecordStage
  /** The input ended. */
  endInput(): void
}

/** An operator with two inputs of different types. */
export interface TwoInputOperator<IN1, IN2> extends Operator {
  processBatch1(batch: RecordBatch<IN1>): void
  processBatch2(batch: RecordBatch<IN2>): void
  endInput1(): void
  endInput2(): void
}

/** Makes an operator; called once per subtask and execution attempt. */
export type OperatorFactory<O extends Operator = Operator> = () => O
