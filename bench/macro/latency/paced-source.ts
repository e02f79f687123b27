import type {
  ReaderOutput,
  ScheduledTimer,
  Source,
  SourceReader,
  SourceReaderContext,
} from '@millrace/engine/spi'

/** A record that knows when it should have been emitted. */
export interface Scheduled {
  readonly id: number
  /** On the clock of `performance.now()`. */
  readonly scheduledMs: number
}

/** What a {@link pacedSource} emits. */
export interface PacedSourceOptions {
  readonly records: number
  readonly perSecond: number
}

/** How often it looks what is due. */
const TICK_MS = 1

/**
 * Emits records at fixed times from its start. A record that is emitted late keeps the time it was
 * scheduled for: a pause of the job makes latencies longer, never fewer.
 */
export function pacedSource(options: PacedSourceOptions): Source<Scheduled, null, null> {
  return {
    name: 'Paced Source',
    boundedness: 'bounded',
    createEnumerator: ({ assignSplit, signalNoMoreSplits }) => ({
      handleSplitRequest(subtaskIndex): void {
        if (subtaskIndex === 0) assignSplit(null, subtaskIndex)
        signalNoMoreSplits(subtaskIndex)
      },
      start(): void {},
      addSplitsBack(): void {},
      addReader(): void {},
      snapshotState: () => null,
      close(): void {},
    }),
    createReader: (context) => new PacedReader(context, options),
  }
}

class PacedReader implements SourceReader<Scheduled, null> {
  readonly #context: SourceReaderContext
  readonly #options: PacedSourceOptions
  #next = 0
  #startMs: number | undefined
  #timer: ScheduledTimer | undefined

  constructor(context: SourceReaderContext, options: PacedSourceOptions) {
    this.#context = context
    this.#options = options
  }

  start(): void {
    this.#context.requestSplit()
  }

  addSplits(): void {
    this.#startMs = performance.now()
    this.#context.wakeUp()
  }

  notifyNoMoreSplits(): void {}

  poll(output: ReaderOutput<Scheduled>, maxRecords: number): 'more' | 'waiting' | 'end' {
    const { records, perSecond } = this.#options
    if (this.#startMs === undefined) return 'waiting'
    const elapsedMs = performance.now() - this.#startMs
    const due = Math.min(records, Math.floor((elapsedMs * perSecond) / 1_000))
    const end = Math.min(due, this.#next + maxRecords)
    for (; this.#next < end; this.#next++) {
      const scheduledMs = this.#startMs + ((this.#next + 1) * 1_000) / perSecond
      output.collect({ id: this.#next, scheduledMs }, Number.NaN)
    }
    if (this.#next === records) return 'end'
    if (this.#next < due) return 'more'
    this.#timer ??= this.#context.env.timers.schedule(
      this.#context.env.clock.nowMs() + TICK_MS,
      () => {
        this.#timer = undefined
        this.#context.wakeUp()
      },
    )
    return 'waiting'
  }

  snapshotState(): readonly null[] {
    return this.#next === this.#options.records ? [] : [null]
  }

  close(): void {
    this.#timer?.cancel()
  }
}
