import { EngineError } from '../../base/engine-error.ts'
import type { ScheduledTimer } from '../../env/timers.ts'
import type {
  ReaderOutput,
  SourceReader,
  SourceReaderContext,
} from '../../operator/source/source.ts'
import type { PollSplit, SourceShare } from './poll-split.ts'

/** What a {@link PollingReader} calls. See `SourceFunctionOptions`. */
export interface PollingReaderOptions<T, Position> {
  readonly poll: (position: Position, share: SourceShare) => Promise<readonly T[] | undefined>
  readonly positionAfter: (record: T, position: Position) => Position
  readonly pollEveryMs: number
  readonly timestampOf: (record: T) => number
}

/** A share being read. */
interface OpenShare<T, Position> {
  readonly index: number
  readonly count: number
  /** Behind the last record that was emitted. */
  position: Position
  records: readonly T[]
  /** How many of `records` were emitted. */
  emitted: number
  isPolling: boolean
}

/**
 * Polls the shares of one subtask, several side by side if there are fewer subtasks than shares.
 * The next poll of a share begins when its last record is emitted.
 */
export class PollingReader<T, Position> implements SourceReader<T, PollSplit<Position>> {
  readonly #context: SourceReaderContext
  readonly #options: PollingReaderOptions<T, Position>
  readonly #timers = new Set<ScheduledTimer>()
  #shares: OpenShare<T, Position>[] = []
  #noMoreSplits = false
  #closed = false

  constructor(context: SourceReaderContext, options: PollingReaderOptions<T, Position>) {
    this.#context = context
    this.#options = options
  }

  start(): void {
    this.#context.requestSplit()
  }

  poll(output: ReaderOutput<T>, maxRecords: number): 'more' | 'waiting' | 'end' {
    // The share that was served goes to the back, so that each has its turn.
    const ready = this.#shares.findIndex(({ records, emitted }) => emitted < records.length)
    if (ready < 0) return this.#noMoreSplits && this.#shares.length === 0 ? 'end' : 'waiting'
    const [share] = this.#shares.splice(ready, 1) as [OpenShare<T, Position>]
    this.#shares.push(share)
    const { positionAfter, timestampOf } = this.#options
    const end = Math.min(share.records.length, share.emitted + maxRecords)
    while (share.emitted < end) {
      const record = share.records[share.emitted++] as T
      share.position = positionAfter(record, share.position)
      output.collect(record, timestampOf(record))
    }
    if (share.emitted === share.records.length) this.#poll(share)
    return 'more'
  }

  addSplits(splits: readonly PollSplit<Position>[]): void {
    for (const { index, count, position } of splits) {
      const state = { records: [], emitted: 0, isPolling: false }
      const share = { index, count, position, ...state }
      this.#shares.push(share)
      this.#poll(share)
    }
    // Shares may have no end, so a reader does not read one after the other.
    this.#context.requestSplit()
    this.#context.wakeUp()
  }

  notifyNoMoreSplits(): void {
    this.#noMoreSplits = true
    this.#context.wakeUp()
  }

  snapshotState(): readonly PollSplit<Position>[] {
    return this.#shares.map(({ index, count, position }) => ({ index, count, position }))
  }

  close(): void {
    this.#closed = true
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
  }

  #poll(share: OpenShare<T, Position>): void {
    if (share.isPolling || this.#closed) return
    share.isPolling = true
    const { index, count } = share
    this.#options.poll(share.position, { index, count }).then(
      (records) => this.#take(share, records),
      (error) => {
        if (this.#closed) return
        if (error instanceof EngineError && error.retryable) this.#pollLater(share)
        else this.#context.fail(error)
      },
    )
  }

  #take(share: OpenShare<T, Position>, records: readonly T[] | undefined): void {
    if (this.#closed) return
    if (records !== undefined && records.length === 0) {
      this.#pollLater(share)
      return
    }
    share.isPolling = false
    if (records === undefined) this.#shares = this.#shares.filter((other) => other !== share)
    share.records = records ?? []
    share.emitted = 0
    this.#context.wakeUp()
  }

  #pollLater(share: OpenShare<T, Position>): void {
    const { clock, timers } = this.#context.env
    const timer = timers.schedule(clock.nowMs() + this.#options.pollEveryMs, () => {
      this.#timers.delete(timer)
      share.isPolling = false
      this.#poll(share)
    })
    this.#timers.add(timer)
  }
}
