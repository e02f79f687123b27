import { EngineError } from '../../base/engine-error.ts'
import type { RecordBatch } from '../../core/record-batch.ts'
import type { OperatorListState } from '../../state/operator-state.ts'
import { plainData } from '../../types/plain-data.ts'
import type { OneInputOperator } from '../operator.ts'
import type { OperatorContext } from '../operator-context.ts'
import { handleRecordError } from '../record-error.ts'
import type { RecordStage } from '../record-stage.ts'
import type { Committer, Sink, SinkWriter, SinkWriterContext } from './sink.ts'

/** Committables of one checkpoint that are not yet committed; kept in operator state. */
interface PendingCommit {
  readonly checkpointId: number
  readonly committables: readonly unknown[]
}

/** Time before a failed commit that may be retried is tried again, milliseconds. */
const COMMIT_RETRY_MS = 1_000

/**
 * Runs a sink in a task: its writer takes the records, its committables wait in operator state for
 * their checkpoint to complete, its committer commits them in order.
 */
export class SinkOperator<T, C, S> implements OneInputOperator<T> {
  readonly #sink: Sink<T, C, S>
  #context!: OperatorContext
  #writer: SinkWriter<T, C, S> | undefined
  #committer: Committer<C> | undefined
  #writerState!: OperatorListState<S>
  #pendingState!: OperatorListState<PendingCommit>
  #pending: PendingCommit[] = []
  readonly #committing = new Set<PendingCommit>()
  /** The end of the chain of commits; each waits for the one before. */
  #commits: Promise<void> = Promise.resolve()
  #closed = false

  constructor(sink: Sink<T, C, S>) {
    this.#sink = sink
  }

  setup(context: OperatorContext): void {
    this.#context = context
  }

  initializeState(): void {
    const { operatorState } = this.#context
    this.#writerState = operatorState.getListState(
      'sink-writer',
      this.#sink.writerStateType ?? plainData<S>(),
    )
    this.#pendingState = operatorState.getListState('sink-committables', plainData<PendingCommit>())
  }

  open(): void {
    const { task, env, metrics } = this.#context
    this.#committer = this.#sink.createCommitter?.({
      task,
      env,
      metrics,
      acquire: (options) => this.#context.acquire(options),
    })
    this.#pending = [...this.#pendingState.get()]
    this.#writer = this.#sink.createWriter(this.#writerContext(), this.#writerState.get())
    // Restored committables belong to a complete checkpoint: they are committed right away.
    if (this.#pending.length > 0) this.#commitUpTo(Number.POSITIVE_INFINITY)
  }

  processBatch(batch: RecordBatch<T>): void {
    const { values, timestamps, length } = batch
    const writer = this.#writer as SinkWriter<T, C, S>
    for (let i = 0; i < length; ) {
      try {
        for (; i < length; i++) writer.write(values[i] as T, timestamps[i] as number)
      } catch (error) {
        handleRecordError(this.#context, error, values[i], timestamps[i] as number, i)
        i++
      }
    }
  }

  recordStage(): RecordStage {
    const writer = this.#writer as SinkWriter<T, C, S>
    return {
      kind: 'each',
      call: writer.write.bind(writer),
      failed: (...failure) => handleRecordError(this.#context, ...failure),
    }
  }

  processWatermark(): void {}

  processWatermarkStatus(): void {}

  snapshotState(checkpointId: number): void {
    const writer = this.#writer as SinkWriter<T, C, S>
    const committables = writer.prepareCommit(checkpointId)
    if (committables.length > 0) this.#pending.push({ checkpointId, committables })
    this.#writerState.update(writer.snapshotState(checkpointId))
    this.#pendingState.update(this.#pending)
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.#commitUpTo(checkpointId)
  }

  notifyCheckpointAborted(): void {}

  endInput(): void {
    this.#writer?.endInput()
  }

  finish(): void {}

  close(): void {
    this.#closed = true
    this.#writer?.close()
    this.#committer?.close()
  }

  /**
   * Starts to commit what is due. A committable stays in state until its commit is done: a snapshot
   * drawn meanwhile still holds it, and committing twice is harmless.
   */
  #commitUpTo(checkpointId: number): void {
    const due = this.#pending.filter(
      (pending) => pending.checkpointId <= checkpointId && !this.#committing.has(pending),
    )
    if (due.length === 0) return
    const context = this.#context
    for (const pending of due) this.#committing.add(pending)
    const committables = due.flatMap((pending) => pending.committables) as C[]
    context.env.faultPoint('duringCommit')
    this.#commits = this.#commits.then(() => this.#commit(committables))
    const done = this.#commits.then(() =>
      context.execute(() => {
        this.#pending = this.#pending.filter((pending) => !due.includes(pending))
        for (const pending of due) this.#committing.delete(pending)
      }),
    )
    context.awaitBeforeFinish(done)
  }

  async #commit(committables: readonly C[]): Promise<void> {
    const { env } = this.#context
    while (!this.#closed) {
      try {
        await this.#committer?.commit(committables)
        env.faultPoint('afterCommitBeforeForget')
        return
      } catch (error) {
        if (!(error instanceof EngineError && error.retryable)) throw error
        await new Promise<void>((resolve) => {
          env.timers.schedule(env.clock.nowMs() + COMMIT_RETRY_MS, resolve)
        })
      }
    }
  }

  #writerContext(): SinkWriterContext {
    const context = this.#context
    return {
      task: context.task,
      env: context.env,
      metrics: context.metrics,
      restoredCheckpointId: context.restoredCheckpointId,
      acquire: (options) => context.acquire(options),
      execute: (run) => context.execute(run),
      awaitBeforeAcknowledge: (done) => context.awaitBeforeAcknowledge(done),
      setAvailable: (available) => context.setAvailable(available),
      schedule: (atMs, run) => context.processingTime.schedule(atMs, run),
      fail: (error) =>
        context.execute(() => {
          throw error
        }),
    }
  }
}
