import type { ReaderOutput, SourceReader, SourceReaderContext } from '@millrace/engine/spi'
import type { NexmarkEvent } from './nexmark-event.ts'
import type { NexmarkGenerator } from './nexmark-generator.ts'
import { type NexmarkSplit, STRIPE_EVENTS, stripeEnd } from './nexmark-split.ts'

/** What a {@link NexmarkReader} reads. */
export interface NexmarkStream {
  readonly generator: NexmarkGenerator
  /** The number of the last event. */
  readonly events: number
  readonly splits: number
}

/** Reads splits side by side: the event that comes next is always the one of the lowest number. */
export class NexmarkReader implements SourceReader<NexmarkEvent, NexmarkSplit> {
  readonly #context: SourceReaderContext
  readonly #stream: NexmarkStream
  readonly #next = new Map<number, number>()
  /** Until all splits have come, the lowest number is not known. */
  #hasAllSplits = false
  /** The split that is being read: no other has a lower number before its stripe ends. */
  #current: NexmarkSplit | undefined

  constructor(context: SourceReaderContext, stream: NexmarkStream) {
    this.#context = context
    this.#stream = stream
  }

  start(): void {
    this.#context.requestSplit()
  }

  addSplits(splits: readonly NexmarkSplit[]): void {
    for (const { index, next } of splits) this.#next.set(index, next)
  }

  notifyNoMoreSplits(): void {
    this.#hasAllSplits = true
    this.#context.wakeUp()
  }

  poll(output: ReaderOutput<NexmarkEvent>, maxRecords: number): 'more' | 'waiting' | 'end' {
    if (!this.#hasAllSplits) return 'waiting'
    const { generator, events, splits } = this.#stream
    const split = this.#current ?? this.#lowest()
    if (split === undefined) return 'end'
    const lastOfStripe = stripeEnd(split.next)
    const last = Math.min(split.next + maxRecords - 1, lastOfStripe, events)
    for (let n = split.next; n <= last; n++) {
      const event = generator.event(n)
      output.collect(event, event.dateTime)
    }
    const isRead = last === lastOfStripe
    const next = isRead ? last + 1 + (splits - 1) * STRIPE_EVENTS : last + 1
    if (next > events) this.#next.delete(split.index)
    else this.#next.set(split.index, next)
    this.#current = isRead || next > events ? undefined : { index: split.index, next }
    return 'more'
  }

  snapshotState(): readonly NexmarkSplit[] {
    return Array.from(this.#next, ([index, next]) => ({ index, next }))
  }

  close(): void {}

  #lowest(): NexmarkSplit | undefined {
    let lowest: NexmarkSplit | undefined
    for (const [index, next] of this.#next) {
      if (lowest === undefined || next < lowest.next) lowest = { index, next }
    }
    return lowest
  }
}
