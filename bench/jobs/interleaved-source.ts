import { types } from '@millrace/engine'
import type {
  ReaderOutput,
  Source,
  SourceReader,
  SourceReaderContext,
  SplitEnumerator,
} from '@millrace/engine/spi'

/** Where a reader is; `undefined` if it has not begun. */
interface Share {
  readonly next: number
}

const shareType = types.row({ next: types.int })

/**
 * The numbers from 0 up to `count`, dealt to the readers in turn: with two readers one has the even
 * numbers. A share belongs to its reader for good. So a job over event time reads the same records
 * at any parallelism, in order, and its readers are at the same time, even if one of them begins
 * late; readers that fetch ranges from a queue could go back in time.
 */
export function interleavedSource(count: number): Source<number, Share, null> {
  return {
    name: 'Interleaved Source',
    boundedness: 'bounded',
    splitType: shareType,
    createEnumerator: ({ assignSplit, signalNoMoreSplits }): SplitEnumerator<Share, null> => ({
      handleSplitRequest(subtaskIndex): void {
        assignSplit({ next: subtaskIndex }, subtaskIndex)
        signalNoMoreSplits(subtaskIndex)
      },
      start(): void {},
      addSplitsBack(): void {},
      addReader(): void {},
      snapshotState: () => null,
      close(): void {},
    }),
    createReader: (context) => new InterleavedReader(context, count),
  }
}

class InterleavedReader implements SourceReader<number, Share> {
  readonly #context: SourceReaderContext
  readonly #count: number
  #next: number | undefined

  constructor(context: SourceReaderContext, count: number) {
    this.#context = context
    this.#count = count
  }

  start(): void {
    if (this.#next === undefined) this.#context.requestSplit()
  }

  addSplits(shares: readonly Share[]): void {
    for (const { next } of shares) this.#next = next
    this.#context.wakeUp()
  }

  notifyNoMoreSplits(): void {}

  poll(output: ReaderOutput<number>, maxRecords: number): 'more' | 'waiting' | 'end' {
    if (this.#next === undefined) return 'waiting'
    const { parallelism } = this.#context.task
    const end = Math.min(this.#count, this.#next + maxRecords * parallelism)
    let next = this.#next
    for (; next < end; next += parallelism) output.collect(next, Number.NaN)
    this.#next = next
    return next < this.#count ? 'more' : 'end'
  }

  snapshotState(): readonly Share[] {
    return this.#next === undefined ? [] : [{ next: this.#next }]
  }

  close(): void {}
}
