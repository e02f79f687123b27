import type {
  ReaderOutput,
  SourceReader,
  SourceReaderContext,
} from '../../operator/source/source.ts'
import type { HybridSplit } from './hybrid-split.ts'
import type { StageSource } from './hybrid-stages.ts'

/** The reader of one source, and whether the enumerator still gives out its splits. */
interface OpenStage<T> {
  readonly stage: number
  readonly reader: SourceReader<T, unknown>
}

/**
 * Reads the source that the enumerator says. Splits of an earlier one, restored after a failure of
 * this subtask alone, are read to their end before.
 */
export class HybridReader<T> implements SourceReader<T, HybridSplit> {
  readonly #context: SourceReaderContext
  readonly #sourceOf: StageSource<T>
  /** Splits that belong to no open reader yet. */
  #waiting: HybridSplit[] = []
  /** The source to read, once the enumerator has said so. */
  #order: HybridSplit | undefined
  #open: OpenStage<T> | undefined
  #noMoreSplits = false

  constructor(context: SourceReaderContext, sourceOf: StageSource<T>) {
    this.#context = context
    this.#sourceOf = sourceOf
  }

  start(): void {
    this.#context.requestSplit()
  }

  poll(output: ReaderOutput<T>, maxRecords: number): 'more' | 'waiting' | 'end' {
    const open = this.#open
    if (open === undefined) return 'waiting'
    const outcome = open.reader.poll(output, maxRecords)
    if (outcome !== 'end') return outcome
    if (this.#noMoreSplits && open.stage === this.#order?.stage) return 'end'
    open.reader.close()
    this.#open = undefined
    if (open.stage === this.#order?.stage) {
      this.#order = undefined
      this.#context.requestSplit() // says that this subtask has finished
    } else this.#openNext()
    return this.#open === undefined ? 'waiting' : 'more'
  }

  addSplits(splits: readonly HybridSplit[]): void {
    for (const split of splits) {
      if (split.kind === 'begin') {
        this.#order = split
        if (this.#open === undefined) this.#openNext()
      } else if (split.stage !== this.#open?.stage) {
        if (split.kind === 'split') this.#waiting.push(split)
      } else if (split.kind === 'split') this.#open.reader.addSplits([split.content])
      else this.#open.reader.notifyNoMoreSplits()
    }
    this.#context.wakeUp()
  }

  notifyNoMoreSplits(): void {
    this.#noMoreSplits = true
    if (this.#open?.stage === this.#order?.stage) this.#open?.reader.notifyNoMoreSplits()
    this.#context.wakeUp()
  }

  snapshotState(checkpointId: number): readonly HybridSplit[] {
    const open = this.#open
    if (open === undefined) return [...this.#waiting]
    const inner = open.reader.snapshotState(checkpointId)
    const splits = inner.map(
      (content): HybridSplit => ({ stage: open.stage, kind: 'split', content }),
    )
    return [...splits, ...this.#waiting]
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.#open?.reader.notifyCheckpointComplete?.(checkpointId)
  }

  close(): void {
    this.#open?.reader.close()
  }

  /** Opens the earliest source that has splits here, or the present one. */
  #openNext(): void {
    const order = this.#order
    if (order === undefined) return
    const stage = Math.min(order.stage, ...this.#waiting.map((split) => split.stage))
    const isPresent = stage === order.stage
    const own = this.#waiting.filter((split) => split.stage === stage)
    this.#waiting = this.#waiting.filter((split) => split.stage !== stage)
    const context = isPresent ? this.#context : { ...this.#context, requestSplit: () => {} }
    const reader = this.#sourceOf(stage, order.content).createReader(context)
    this.#open = { stage, reader }
    if (own.length > 0) reader.addSplits(own.map(({ content }) => content))
    reader.start()
    if (!isPresent || this.#noMoreSplits) reader.notifyNoMoreSplits()
  }
}
