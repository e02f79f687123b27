import type { ScheduledTimer } from '../../env/timers.ts'
import type {
  ReaderOutput,
  SourceReader,
  SourceReaderContext,
} from '../../operator/source/source.ts'
import { type KeyIdentity, keyIdentity } from '../../types/key-identity.ts'
import type { PeriodicSourceOptions, PollRows } from './periodic-options.ts'

/** What was emitted: of each row its key and itself, both as what stands for them in a map. */
export interface PeriodicSplit {
  readonly seen: readonly (readonly [key: KeyIdentity, row: KeyIdentity])[]
}

/** A row to be emitted. */
interface ChangedRow<R> {
  readonly key: KeyIdentity
  readonly identity: KeyIdentity
  readonly row: R
}

/** Looks for rows at intervals, and emits what is new or changed. */
export class PeriodicReader<R> implements SourceReader<R, PeriodicSplit> {
  readonly #context: SourceReaderContext
  readonly #intervalMs: number
  readonly #poll: PollRows<R>
  readonly #options: PeriodicSourceOptions<R>
  /** Undefined until the one split is here. */
  #seen: Map<KeyIdentity, KeyIdentity> | undefined
  #changed: ChangedRow<R>[] = []
  #next = 0
  #lookedMs = 0
  #nextLookMs = Number.NEGATIVE_INFINITY
  #looking = false
  #noMoreSplits = false
  #closed = false
  #timer: ScheduledTimer | undefined

  constructor(
    context: SourceReaderContext,
    intervalMs: number,
    poll: PollRows<R>,
    options: PeriodicSourceOptions<R>,
  ) {
    this.#context = context
    this.#intervalMs = intervalMs
    this.#poll = poll
    this.#options = options
  }

  start(): void {
    if (this.#seen === undefined) this.#context.requestSplit()
  }

  poll(output: ReaderOutput<R>, maxRecords: number): 'more' | 'waiting' | 'end' {
    const seen = this.#seen
    if (seen === undefined) return this.#noMoreSplits ? 'end' : 'waiting'
    const { timestamp } = this.#options
    const end = Math.min(this.#changed.length, this.#next + maxRecords)
    while (this.#next < end) {
      const { key, identity, row } = this.#changed[this.#next++] as ChangedRow<R>
      seen.set(key, identity)
      output.collect(row, timestamp === undefined ? this.#lookedMs : timestamp(row))
    }
    if (this.#next < this.#changed.length) return 'more'
    this.#lookWhenDue()
    return 'waiting'
  }

  addSplits(splits: readonly PeriodicSplit[]): void {
    for (const { seen } of splits) this.#seen = new Map(seen)
    this.#context.wakeUp()
  }

  notifyNoMoreSplits(): void {
    this.#noMoreSplits = true
    this.#context.wakeUp()
  }

  snapshotState(): readonly PeriodicSplit[] {
    return this.#seen === undefined ? [] : [{ seen: [...this.#seen] }]
  }

  close(): void {
    this.#closed = true
    this.#timer?.cancel()
  }

  #lookWhenDue(): void {
    if (this.#looking || this.#timer !== undefined) return
    const { env } = this.#context
    const nowMs = env.clock.nowMs()
    if (nowMs >= this.#nextLookMs) {
      this.#look(nowMs)
      return
    }
    this.#timer = env.timers.schedule(this.#nextLookMs, () => {
      this.#timer = undefined
      this.#context.wakeUp()
    })
  }

  #look(nowMs: number): void {
    this.#looking = true
    this.#lookedMs = nowMs
    this.#nextLookMs = nowMs + this.#intervalMs
    const { env, metrics } = this.#context
    metrics.counter('numPolls').add(1)
    const end = (run: () => void): void => {
      if (this.#closed) return
      this.#looking = false
      run()
      this.#context.wakeUp()
    }
    new Promise<readonly R[]>((resolve) => resolve(this.#poll(env))).then(
      (rows) => end(() => this.#compare(rows)),
      (error) => end(() => this.#fail(error)),
    )
  }

  /** Finds what has changed. What is gone is forgotten: it counts as new if it comes back. */
  #compare(rows: readonly R[]): void {
    const before = this.#seen ?? new Map<KeyIdentity, KeyIdentity>()
    const kept = new Map<KeyIdentity, KeyIdentity>()
    this.#changed = []
    this.#next = 0
    try {
      for (const row of rows) {
        const identity = keyIdentity(row)
        const { key: keyOf } = this.#options
        const key = keyOf === undefined ? identity : keyIdentity(keyOf(row))
        const known = before.get(key)
        if (known !== undefined) kept.set(key, known)
        if (known !== identity || !before.has(key)) this.#changed.push({ key, identity, row })
      }
    } catch (error) {
      this.#context.fail(error)
      return
    }
    this.#seen = kept
  }

  #fail(error: unknown): void {
    if (this.#options.onError === 'retry') this.#context.metrics.counter('numPollsFailed').add(1)
    else this.#context.fail(error)
  }
}
