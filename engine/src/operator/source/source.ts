import type { MetricGroup } from '../../core/metrics.ts'
import type { TaskInfo } from '../../core/task-info.ts'
import type { Env } from '../../env/env.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { ResourceLease, ResourceOptions } from '../resource/shared-resources.ts'

/**
 * A source after FLIP-27: an enumerator (one per job, beside the coordinator) finds splits and
 * assigns them, readers (one per subtask) read them. Split positions and the enumerator's own state
 * are part of every checkpoint.
 *
 * @see FLIP-27, "Refactor Source Interface"; `scriptedSource` of `@millrace/engine/testing` is a
 *   small and complete one
 */
export interface Source<T, Split, EnumeratorState> {
  readonly boundedness: 'bounded' | 'unbounded'
  /** What the source is called in plans when the program gives no name. */
  readonly name: string
  /**
   * The highest parallelism that makes sense, with the reason: 1 for a source that has one split.
   * Without a parallelism of its own the source then has this one; a higher one is refused.
   */
  readonly parallelismLimit?: { readonly limit: number; readonly reason: string }
  /** `client`: its tasks run in the program that submits the job, where its input lives. */
  readonly place?: 'client'
  /**
   * Names a split, for a watermark of its own: set by sources whose splits are ordered in
   * themselves but not among each other, such as the partitions of a log that one reader reads side
   * by side. Their readers call {@link ReaderOutput.forSplit} before the records of a split and
   * {@link ReaderOutput.releaseSplit} at its end. Without it a subtask has one watermark, as befits
   * readers that read one split after another.
   */
  splitId?(split: Split): string
  /** Type of a split with its position; the generic serializer by default. Plain data. */
  readonly splitType?: TypeInformation<Split>
  /** Type of the enumerator's state; the generic serializer by default. Plain data. */
  readonly enumeratorStateType?: TypeInformation<EnumeratorState>
  createEnumerator(
    context: SplitEnumeratorContext<Split>,
    restored: EnumeratorState | undefined,
  ): SplitEnumerator<Split, EnumeratorState>
  createReader(context: SourceReaderContext): SourceReader<T, Split>
}

/** Finds splits and gives them to readers. Runs in the JobManager's thread of control. */
export interface SplitEnumerator<Split, EnumeratorState> {
  /** Called once, before anything else. May start to look for splits. */
  start(): void
  /** A reader is idle and asks for a split: assign one, or say that there are no more. */
  handleSplitRequest(subtaskIndex: number): void
  /** A failed subtask gives back the splits assigned since its last complete checkpoint. */
  addSplitsBack(splits: readonly Split[], subtaskIndex: number): void
  /** A reader has started (again). */
  addReader(subtaskIndex: number): void
  /** The splits not yet assigned, and whatever else is needed to go on. */
  snapshotState(checkpointId: number): EnumeratorState
  close(): void
}

/** What an enumerator may do. */
export interface SplitEnumeratorContext<Split> {
  readonly parallelism: number
  readonly env: Env
  /** Sends a split to a reader. */
  assignSplit(split: Split, subtaskIndex: number): void
  /** Tells a reader that it gets no further splits; it ends after those it has. */
  signalNoMoreSplits(subtaskIndex: number): void
  /** Runs `work` now and `handle` with its outcome in the enumerator's thread of control. */
  callAsync<R>(
    work: () => Promise<R>,
    handle: (result: R | undefined, error: unknown) => void,
  ): void
}

/**
 * Reads splits in one subtask. Every call is synchronous; I/O happens beside and wakes the task.
 */
export interface SourceReader<T, Split> {
  /** Called once after restored splits (if any) were added. Usually asks for a first split. */
  start(): void
  /**
   * Emits records of up to `maxRecords` and says how things stand: `more` (call again), `waiting`
   * (call again after {@link SourceReaderContext.wakeUp}), `end` (no split is left and none comes).
   */
  poll(output: ReaderOutput<T>, maxRecords: number): 'more' | 'waiting' | 'end'
  addSplits(splits: readonly Split[]): void
  notifyNoMoreSplits(): void
  /** The splits in hand, with positions such that reading goes on right after the last record. */
  snapshotState(checkpointId: number): readonly Split[]
  notifyCheckpointComplete?(checkpointId: number): void
  close(): void
}

/** Takes the records of a reader. */
export interface ReaderOutput<T> {
  /** Emits a record, with its event time if the source knows one (NaN otherwise). */
  collect(value: T, timestampMs: number): void
  /** The records that follow are of this split. Only for sources with {@link Source.splitId}. */
  forSplit(splitId: string): void
  /** A split has ended or was given back: it holds the watermark back no longer. */
  releaseSplit(splitId: string): void
  /**
   * Reports a record that cannot be parsed; the job's record error policy decides.
   * @param origin where it stands: file and line, partition and offset
   * @throws MALFORMED_RECORD under the policy `fail`
   */
  malformed(record: unknown, origin: string, cause: unknown): void
}

/** What a reader may do. */
export interface SourceReaderContext {
  readonly task: TaskInfo
  readonly env: Env
  readonly metrics: MetricGroup
  /** See `OperatorContext.acquire`. */
  acquire<R>(options: ResourceOptions<R>): ResourceLease<R>
  /** Asks the enumerator for a split; answered by `addSplits` or `notifyNoMoreSplits`. */
  requestSplit(): void
  /** Makes the task call `poll` again. May be called from promises and sockets. */
  wakeUp(): void
  /** Fails the task with this error. For I/O beside `poll`. */
  fail(error: unknown): void
}
