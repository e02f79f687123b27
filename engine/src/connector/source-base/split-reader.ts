import type {
  ReaderOutput,
  SourceReader,
  SourceReaderContext,
} from '../../operator/source/source.ts'
import { BlockGap, type RecordBlock, type SplitFetcher } from './record-block.ts'

/** Options of {@link SplitReader}. */
export interface SplitReaderOptions<T, Split> {
  /**
   * Makes a fetcher that goes on at the position of the split. May open the split at the first
   * fetch.
   */
  readonly open: (split: Split) => SplitFetcher<T, Split>
  /** The event time of a record in milliseconds. */
  readonly timestampOf: (value: T) => number
}

/**
 * Reads splits one after another, block by block: while the task processes one block, the next is
 * fetched beside. A snapshot may fall between any two records; a fetched block that was not begun
 * is simply fetched again after a restore.
 *
 * ```ts
 * interface Page {
 *   readonly from: number
 *   readonly to: number
 * }
 *
 * // Numbers, a page at a time; stands for a service that is asked for pages.
 * const numbers: Source<number, Page, SplitQueueState<Page>> = {
 *   name: 'Pages',
 *   boundedness: 'bounded',
 *   createEnumerator: (context, restored) =>
 *     new SplitQueueEnumerator(context, restored, () => [{ from: 1, to: 4 }]),
 *   createReader: (context) =>
 *     new SplitReader(context, {
 *       timestampOf: () => Number.NaN,
 *       open({ from, to }) {
 *         let next = from
 *         return {
 *           fetch: async () => {
 *             if (next > to) return undefined
 *             const first = next
 *             next += 2
 *             const splitAfter = (count: number): Page => ({ from: first + count, to })
 *             return { entries: [first, first + 1], hasGaps: false, splitAfter }
 *           },
 *           close: async () => {},
 *         }
 *       },
 *     }),
 * }
 * await env.fromSource(numbers).executeAndCollect() // => [1, 2, 3, 4]
 * ```
 */
export class SplitReader<T, Split> implements SourceReader<T, Split> {
  readonly #context: SourceReaderContext
  readonly #options: SplitReaderOptions<T, Split>
  /** Splits not begun. */
  readonly #queue: Split[] = []
  #current: OpenSplit<T, Split> | undefined
  #noMoreSplits = false
  #requested = false
  #closed = false

  constructor(context: SourceReaderContext, options: SplitReaderOptions<T, Split>) {
    this.#context = context
    this.#options = options
  }

  start(): void {
    if (this.#queue.length === 0) this.#request()
  }

  poll(output: ReaderOutput<T>, maxRecords: number): 'more' | 'waiting' | 'end' {
    const current = this.#current ?? this.#openNext()
    if (current === undefined) {
      if (this.#noMoreSplits) return 'end'
      this.#request()
      return 'waiting'
    }
    if (current.block === undefined || current.index === current.block.entries.length) {
      if (!this.#advance(current)) return this.#current === undefined ? 'more' : 'waiting'
    }
    this.#emit(current, output, maxRecords)
    return 'more'
  }

  addSplits(splits: readonly Split[]): void {
    this.#requested = false
    this.#queue.push(...splits)
    this.#context.wakeUp()
  }

  notifyNoMoreSplits(): void {
    this.#noMoreSplits = true
    this.#context.wakeUp()
  }

  snapshotState(): readonly Split[] {
    const current = this.#current
    if (current === undefined) return [...this.#queue]
    const position = current.block?.splitAfter(current.index) ?? current.split
    return [position, ...this.#queue]
  }

  close(): void {
    this.#closed = true
    const current = this.#current
    if (current !== undefined && !current.fetching) closeQuietly(current.fetcher)
    this.#current = undefined
  }

  #emit(current: OpenSplit<T, Split>, output: ReaderOutput<T>, maxRecords: number): void {
    const { entries, hasGaps } = current.block as RecordBlock<T, Split>
    const { timestampOf } = this.#options
    const end = Math.min(entries.length, current.index + maxRecords)
    // The position moves before each call: a record that the policy skips is not read again.
    while (current.index < end) {
      const entry = entries[current.index++] as T | BlockGap
      if (hasGaps && entry instanceof BlockGap) {
        const { malformed } = entry
        if (malformed === undefined) continue
        output.malformed(malformed.record, malformed.origin, malformed.cause)
      } else output.collect(entry as T, timestampOf(entry as T))
    }
  }

  /** Takes the fetched block, if there is one, and lets the next be fetched. */
  #advance(current: OpenSplit<T, Split>): boolean {
    if (current.fetching || current.failed) return false
    const fetched = current.fetched
    if (current.ended && fetched === undefined) {
      closeQuietly(current.fetcher)
      this.#current = undefined
      return false
    }
    if (fetched === undefined) {
      this.#fetch(current)
      return false
    }
    current.fetched = undefined
    current.block = fetched
    current.index = 0
    if (!current.ended) this.#fetch(current)
    return true
  }

  #fetch(current: OpenSplit<T, Split>): void {
    current.fetching = true
    current.fetcher.fetch().then(
      (block) => {
        current.fetching = false
        if (this.#closed) return closeQuietly(current.fetcher)
        current.fetched = block
        current.ended = block === undefined
        if (current.ended && this.#queue.length === 0) this.#request()
        this.#context.wakeUp()
      },
      (error) => {
        current.fetching = false
        current.failed = true
        if (this.#closed) return closeQuietly(current.fetcher)
        this.#context.fail(error)
      },
    )
  }

  #openNext(): OpenSplit<T, Split> | undefined {
    const split = this.#queue.shift()
    if (split === undefined) return undefined
    this.#current = new OpenSplit(split, this.#options.open(split))
    return this.#current
  }

  #request(): void {
    if (this.#requested || this.#noMoreSplits) return
    this.#requested = true
    this.#context.requestSplit()
  }
}

/** The split being read. */
class OpenSplit<T, Split> {
  readonly split: Split
  readonly fetcher: SplitFetcher<T, Split>
  block: RecordBlock<T, Split> | undefined
  /** How many entries of `block` were emitted. */
  index = 0
  fetched: RecordBlock<T, Split> | undefined
  fetching = false
  /** The fetcher has reached the end; `block` and `fetched` may hold the last records. */
  ended = false
  failed = false

  constructor(split: Split, fetcher: SplitFetcher<T, Split>) {
    this.split = split
    this.fetcher = fetcher
  }
}

/** A read-only file that fails to close has no consequence for the records read from it. */
function closeQuietly(fetcher: SplitFetcher<unknown, unknown>): void {
  fetcher.close().catch(() => {})
}
