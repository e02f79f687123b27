import { EngineError, ErrorCode } from '../base/engine-error.ts'

const transitions = {
  OPEN: ['PREPARED', 'ABORTED'],
  PREPARED: ['COMMITTED', 'ABORTED'],
  COMMITTED: [],
  ABORTED: [],
} as const

/** The life of a transaction: OPEN until it is prepared, then COMMITTED or ABORTED for good. */
export type TransactionStatus = keyof typeof transitions

/** A call that an external system answers, or does not. */
export type TransactionOperation = 'begin' | 'append' | 'preCommit' | 'commit' | 'abort'

/**
 * How a call ends. After `timed-out` the caller cannot know whether it was carried out: it was not,
 * and after `timed-out-yet-done` it was.
 */
export type CallOutcome = 'done' | 'failed' | 'timed-out' | 'timed-out-yet-done'

/** A transaction as one sees it from outside. */
export interface TransactionView<T> {
  readonly id: string
  readonly status: TransactionStatus
  readonly records: readonly T[]
}

/** What a {@link FakeTransactionLog} is made with. */
export interface FakeTransactionLogOptions {
  /** Milliseconds since 1970 by the clock of the external system. Always 0 by default. */
  readonly nowMs?: () => number
  /**
   * Age at which the system aborts a transaction that is not committed, prepared ones included, as
   * Kafka does. No limit by default.
   */
  readonly transactionTimeoutMs?: number
  /** Decides how each call ends. Every call is done by default. */
  readonly outcome?: (operation: TransactionOperation, transactionId: string) => CallOutcome
}

interface Transaction<T> {
  readonly id: string
  readonly begunMs: number
  status: TransactionStatus
  readonly records: T[]
}

/**
 * An external system with transactions that outlives every crash of a job: what it holds is what a
 * sink has really written. Only committed records can be read, in the order of the commits.
 *
 * ```ts
 * const log = new FakeTransactionLog<string>()
 * log.begin('tx-1')
 * log.append('tx-1', ['tea'])
 * log.preCommit('tx-1')
 * log.committed // => []
 * log.commit('tx-1')
 * log.committed // => ['tea']
 * ```
 */
export class FakeTransactionLog<T> {
  readonly #transactions = new Map<string, Transaction<T>>()
  readonly #committed: Transaction<T>[] = []
  readonly #nowMs: () => number
  readonly #timeoutMs: number
  readonly #outcome: (operation: TransactionOperation, transactionId: string) => CallOutcome

  constructor(options: FakeTransactionLogOptions = {}) {
    this.#nowMs = options.nowMs ?? (() => 0)
    this.#timeoutMs = options.transactionTimeoutMs ?? Number.POSITIVE_INFINITY
    this.#outcome = options.outcome ?? (() => 'done')
  }

  /** Opens a transaction. @throws INVALID_ARGUMENT if there was one of that id before */
  begin(id: string): void {
    this.#call('begin', id, () => {
      if (this.#transactions.has(id)) {
        throw new EngineError(
          ErrorCode.INVALID_ARGUMENT,
          `transaction ${id} exists already; give every transaction an id of its own`,
        )
      }
      this.#transactions.set(id, { id, begunMs: this.#nowMs(), status: 'OPEN', records: [] })
    })
  }

  /** Adds records to an open transaction. @throws COMMIT_LOST if it is open no more */
  append(id: string, records: readonly T[]): void {
    this.#call('append', id, () => {
      const transaction = this.#existing('append to', id)
      if (transaction.status !== 'OPEN') throw wrongStatus('append to', transaction)
      for (const record of records) transaction.records.push(record)
    })
  }

  /** Promises that the transaction can be committed. A second call changes nothing. */
  preCommit(id: string): void {
    this.#call('preCommit', id, () => this.#move('prepare', id, 'PREPARED'))
  }

  /**
   * Makes the records visible. A second commit changes nothing.
   * @throws COMMIT_LOST if the transaction was aborted or never was: its records are lost
   */
  commit(id: string): void {
    this.#call('commit', id, () => {
      const transaction = this.#move('commit', id, 'COMMITTED')
      if (transaction !== undefined) this.#committed.push(transaction)
    })
  }

  /**
   * Gives a transaction up. A second call changes nothing. @throws COMMIT_LOST if it is committed
   */
  abort(id: string): void {
    this.#call('abort', id, () => {
      this.#move('abort', id, 'ABORTED')
    })
  }

  /** The records of all committed transactions, in the order of the commits. */
  get committed(): readonly T[] {
    return this.#committed.flatMap((transaction) => transaction.records)
  }

  /** The committed transactions, in the order of the commits. */
  get committedTransactions(): readonly TransactionView<T>[] {
    return [...this.#committed]
  }

  /** Transactions that are neither committed nor aborted: none may be left when a job is done. */
  pending(idPrefix = ''): readonly TransactionView<T>[] {
    this.#expire()
    return [...this.#transactions.values()].filter(
      ({ id, status }) => id.startsWith(idPrefix) && (status === 'OPEN' || status === 'PREPARED'),
    )
  }

  /** A concurrent reader: each call returns what was committed since the last one. */
  reader(): () => readonly T[] {
    let next = 0
    return () => {
      const fresh = this.#committed.slice(next)
      next = this.#committed.length
      return fresh.flatMap((transaction) => transaction.records)
    }
  }

  #call(operation: TransactionOperation, id: string, run: () => void): void {
    this.#expire()
    const outcome = this.#outcome(operation, id)
    if (outcome === 'done' || outcome === 'timed-out-yet-done') run()
    if (outcome === 'done') return
    const what = outcome === 'failed' ? 'failed' : 'timed out; it may be done or not'
    throw new EngineError(ErrorCode.CONNECTION, `${operation} of transaction ${id} ${what}`, {
      retryable: true,
    })
  }

  /** Returns the transaction if it moved, undefined if it had that status already. */
  #move(doing: string, id: string, to: TransactionStatus): Transaction<T> | undefined {
    const transaction = this.#existing(doing, id)
    if (transaction.status === to) return undefined
    const legal: readonly TransactionStatus[] = transitions[transaction.status]
    if (!legal.includes(to)) throw wrongStatus(doing, transaction)
    transaction.status = to
    return transaction
  }

  #existing(doing: string, id: string): Transaction<T> {
    const transaction = this.#transactions.get(id)
    if (transaction !== undefined) return transaction
    throw new EngineError(
      ErrorCode.COMMIT_LOST,
      `cannot ${doing} transaction ${id}: there is none of that id; what it held is lost`,
    )
  }

  #expire(): void {
    const nowMs = this.#nowMs()
    for (const transaction of this.#transactions.values()) {
      const { status, begunMs } = transaction
      const isPending = status === 'OPEN' || status === 'PREPARED'
      if (isPending && nowMs - begunMs >= this.#timeoutMs) transaction.status = 'ABORTED'
    }
  }
}

function wrongStatus(doing: string, transaction: Transaction<unknown>): EngineError {
  return new EngineError(
    ErrorCode.COMMIT_LOST,
    `cannot ${doing} transaction ${transaction.id}: it is ${transaction.status}; ` +
      'see who ended it (a timeout, or the clean-up of another attempt)',
  )
}
