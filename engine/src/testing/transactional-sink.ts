import type { Env } from '../env/env.ts'
import type {
  Committer,
  Sink,
  SinkCommitterContext,
  SinkWriter,
  SinkWriterContext,
} from '../operator/sink/sink.ts'
import type { FakeTransactionLog } from './fake-transaction-log.ts'

/** What a {@link transactionalSink} may be told. */
export interface TransactionalSinkOptions {
  /** Start of the ids of all its transactions; unique among the jobs that share a log. */
  readonly prefix?: string
  /** How long a commit takes, so that other things happen in between. Default 0. */
  readonly commitDelayMs?: number
}

/** A prepared transaction that waits for its checkpoint. */
export interface TransactionCommittable {
  readonly transactionId: string
}

/** What a writer keeps: enough to find what a failure has left behind. */
export interface TransactionalWriterState {
  readonly subtaskIndex: number
  readonly parallelism: number
  readonly checkpointId: number
}

/**
 * An exactly-once sink into a {@link FakeTransactionLog}: one transaction per subtask and
 * checkpoint, prepared at the barrier, committed when the checkpoint is complete, however often
 * that is tried. After a failure it aborts what belongs to no checkpoint.
 *
 * ```ts
 * const log = new FakeTransactionLog<number>()
 * env.fromElements(1, 2, 3).sinkTo(transactionalSink(log))
 * await env.execute()
 * log.committed // => [1, 2, 3]
 * log.pending() // => []
 * ```
 */
export function transactionalSink<T>(
  log: FakeTransactionLog<T>,
  options: TransactionalSinkOptions = {},
): Sink<T, TransactionCommittable, TransactionalWriterState> {
  const prefix = options.prefix ?? 'tx'
  return {
    name: 'transactional sink',
    createWriter: (context, restored) => new TransactionalWriter(log, prefix, context, restored),
    createCommitter: (context) =>
      new TransactionCommitter(log, context, options.commitDelayMs ?? 0),
  }
}

class TransactionalWriter<T>
  implements SinkWriter<T, TransactionCommittable, TransactionalWriterState>
{
  readonly #log: FakeTransactionLog<T>
  readonly #prefix: string
  readonly #context: SinkWriterContext
  /** Makes ids unique: a new process counts attempts anew, and may use a checkpoint id again. */
  readonly #token: string
  #records: T[] = []

  constructor(
    log: FakeTransactionLog<T>,
    prefix: string,
    context: SinkWriterContext,
    restored: readonly TransactionalWriterState[],
  ) {
    this.#log = log
    this.#prefix = prefix
    this.#context = context
    this.#token = `${context.task.attempt}-${context.env.random.u32().toString(16)}`
    this.#abortLingering(restored)
  }

  write(value: T): void {
    this.#records.push(value)
  }

  prepareCommit(checkpointId: number): readonly TransactionCommittable[] {
    if (this.#records.length === 0) return [] // an empty transaction would only cost (A05)
    const { subtaskIndex } = this.#context.task
    const transactionId = `${this.#prefix}/${subtaskIndex}/${checkpointId}/${this.#token}`
    this.#log.begin(transactionId)
    this.#log.append(transactionId, this.#records)
    this.#log.preCommit(transactionId)
    this.#records = []
    return [{ transactionId }]
  }

  snapshotState(checkpointId: number): readonly TransactionalWriterState[] {
    const { subtaskIndex, parallelism } = this.#context.task
    return [{ subtaskIndex, parallelism, checkpointId }]
  }

  endInput(): void {}

  close(): void {
    this.#records = []
  }

  /**
   * What stands behind the restored checkpoint belongs to none and is aborted; what stands before
   * is in committables. Whoever got the state of an old subtask looks after its transactions, and
   * after those of attempts that ran at a higher parallelism meanwhile. Without any checkpoint
   * nothing may stay.
   */
  #abortLingering(restored: readonly TransactionalWriterState[]): void {
    const { restoredCheckpointId, task } = this.#context
    const { subtaskIndex, parallelism } = task
    const fresh = [{ subtaskIndex, parallelism, checkpointId: 0 }]
    for (const { id } of this.#log.pending(`${this.#prefix}/`)) {
      const name = readTransactionId(this.#prefix, id)
      const isMine = (restoredCheckpointId === undefined ? fresh : restored).some(
        (state) =>
          name.subtaskIndex % state.parallelism === state.subtaskIndex &&
          name.checkpointId > state.checkpointId,
      )
      if (isMine) this.#log.abort(id)
    }
  }
}

class TransactionCommitter<T> implements Committer<TransactionCommittable> {
  readonly #log: FakeTransactionLog<T>
  readonly #env: Env
  readonly #delayMs: number

  constructor(log: FakeTransactionLog<T>, context: SinkCommitterContext, delayMs: number) {
    this.#log = log
    this.#env = context.env
    this.#delayMs = delayMs
  }

  async commit(committables: readonly TransactionCommittable[]): Promise<void> {
    for (const { transactionId } of committables) {
      if (this.#delayMs > 0) await this.#delay()
      this.#log.commit(transactionId)
    }
  }

  close(): void {}

  #delay(): Promise<void> {
    const { clock, timers } = this.#env
    return new Promise((resolve) => {
      timers.schedule(clock.nowMs() + this.#delayMs, resolve)
    })
  }
}

interface TransactionName {
  readonly subtaskIndex: number
  readonly checkpointId: number
}

function readTransactionId(prefix: string, id: string): TransactionName {
  const [subtaskIndex = 0, checkpointId = 0] = id
    .slice(prefix.length + 1)
    .split('/')
    .map(Number)
  return { subtaskIndex, checkpointId }
}
