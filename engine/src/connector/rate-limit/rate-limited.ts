import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type {
  ReaderOutput,
  Source,
  SourceReader,
  SourceReaderContext,
} from '../../operator/source/source.ts'
import { RateGate } from '../source-base/rate-gate.ts'

/**
 * The same source, held to so many records per second over all its subtasks together. Each subtask
 * has an equal share; one without a split leaves its share unused. Malformed records count. After
 * a pause (backpressure, a quiet input) up to a second is made up for at once.
 *
 * Holding a source back is for targets and services that bear only so much. For load that is made
 * up, `datagenSource` has a rate of its own.
 *
 * ```ts
 * const source = rateLimited(collectionSource(['a', 'b']), 1_000)
 * await env.fromSource(source).executeAndCollect() // => ['a', 'b']
 * ```
 * @throws INVALID_ARGUMENT if the rate is not above 0
 */
export function rateLimited<T, Split, State>(
  source: Source<T, Split, State>,
  recordsPerSecond: number,
): Source<T, Split, State> {
  if (!(recordsPerSecond > 0 && recordsPerSecond < Number.POSITIVE_INFINITY)) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `recordsPerSecond is ${recordsPerSecond}; it must be above 0 and finite`,
    )
  }
  return {
    ...source,
    name: `${source.name} (${recordsPerSecond}/s)`,
    createEnumerator: (context, restored) => source.createEnumerator(context, restored),
    createReader: (context) =>
      new RateLimitedReader(source.createReader(context), context, recordsPerSecond),
  }
}

class RateLimitedReader<T, Split> implements SourceReader<T, Split> {
  readonly #reader: SourceReader<T, Split>
  readonly #gate: RateGate
  readonly #parallelism: number
  readonly #output = new CountingOutput<T>()

  constructor(reader: SourceReader<T, Split>, context: SourceReaderContext, ratePerSecond: number) {
    this.#reader = reader
    this.#gate = new RateGate(context.env, ratePerSecond, () => context.wakeUp())
    this.#parallelism = context.task.parallelism
  }

  start(): void {
    this.#reader.start()
  }

  poll(output: ReaderOutput<T>, maxRecords: number): 'more' | 'waiting' | 'end' {
    const allowed = this.#gate.allow(maxRecords, 1, this.#parallelism)
    if (allowed === 0) return 'waiting'
    const counting = this.#output
    counting.begin(output)
    try {
      return this.#reader.poll(counting, allowed)
    } finally {
      this.#gate.giveBack(allowed - counting.count)
    }
  }

  addSplits(splits: readonly Split[]): void {
    this.#reader.addSplits(splits)
  }

  notifyNoMoreSplits(): void {
    this.#reader.notifyNoMoreSplits()
  }

  snapshotState(checkpointId: number): readonly Split[] {
    return this.#reader.snapshotState(checkpointId)
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.#reader.notifyCheckpointComplete?.(checkpointId)
  }

  close(): void {
    this.#gate.close()
    this.#reader.close()
  }
}

/** Passes on what a reader emits and counts it. */
class CountingOutput<T> implements ReaderOutput<T> {
  count = 0
  #output!: ReaderOutput<T>

  begin(output: ReaderOutput<T>): void {
    this.#output = output
    this.count = 0
  }

  collect(value: T, timestampMs: number): void {
    this.count++
    this.#output.collect(value, timestampMs)
  }

  forSplit(splitId: string): void {
    this.#output.forSplit(splitId)
  }

  releaseSplit(splitId: string): void {
    this.#output.releaseSplit(splitId)
  }

  malformed(record: unknown, origin: string, cause: unknown): void {
    this.count++
    this.#output.malformed(record, origin, cause)
  }
}
