import type {
  ReaderOutput,
  SourceReader,
  SourceReaderContext,
} from '../../operator/source/source.ts'
import type { IndexRangeSplit } from './index-range-split.ts'

/** Makes the record of an index and emits it. Must depend on the index alone. */
export type EmitIndex<T> = (index: number, output: ReaderOutput<T>) => void

/** How many records may be emitted now. See `RateGate`. */
export interface PollGate {
  /** At most `maxRecords`; 0 if none is due, in which case the gate wakes the task when one is. */
  allow(maxRecords: number, splitCount: number, stride: number): number
  close(): void
}

/**
 * Reads splits of indexes: record `i` is computed, not fetched. Splits in hand take turns, one poll
 * each, so that no split of an endless source starves.
 */
export class IndexRangeReader<T> implements SourceReader<T, IndexRangeSplit> {
  readonly #context: SourceReaderContext
  readonly #emit: EmitIndex<T>
  readonly #gate: PollGate | undefined
  readonly #splits: IndexRangeSplit[] = []
  #noMoreSplits = false
  #requested = false

  constructor(context: SourceReaderContext, emit: EmitIndex<T>, gate?: PollGate) {
    this.#context = context
    this.#emit = emit
    this.#gate = gate
  }

  start(): void {
    if (this.#splits.length === 0) this.#request()
  }

  poll(output: ReaderOutput<T>, maxRecords: number): 'more' | 'waiting' | 'end' {
    const split = this.#splits.shift()
    if (split === undefined) {
      if (this.#noMoreSplits) return 'end'
      this.#request()
      return 'waiting'
    }
    const splitCount = this.#splits.length + 1
    const allowed = this.#gate?.allow(maxRecords, splitCount, split.stride) ?? maxRecords
    const { end, stride } = split
    const emit = this.#emit
    let next = split.next
    try {
      for (let left = allowed; left > 0 && next < end; left--) {
        // The position moves first: a record that was skipped by policy is not read again.
        next += stride
        emit(next - stride, output)
      }
    } finally {
      if (next < end) this.#splits.push({ next, end, stride })
    }
    return allowed > 0 ? 'more' : 'waiting'
  }

  addSplits(splits: readonly IndexRangeSplit[]): void {
    this.#requested = false
    this.#splits.push(...splits)
    this.#context.wakeUp()
  }

  notifyNoMoreSplits(): void {
    this.#noMoreSplits = true
    this.#context.wakeUp()
  }

  snapshotState(): readonly IndexRangeSplit[] {
    return [...this.#splits]
  }

  close(): void {
    this.#gate?.close()
  }

  #request(): void {
    if (this.#requested || this.#noMoreSplits) return
    this.#requested = true
    this.#context.requestSplit()
  }
}
