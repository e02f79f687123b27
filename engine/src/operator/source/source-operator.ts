import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { RECORD_BATCH_CAPACITY, RecordBatch } from '../../core/record-batch.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { OperatorListState } from '../../state/operator-state.ts'
import { plainData } from '../../types/plain-data.ts'
import { describeRecord } from '../describe-record.ts'
import type { Operator } from '../operator.ts'
import type { OperatorContext } from '../operator-context.ts'
import type { Output } from '../output.ts'
import { DEAD_LETTERS } from '../record-error-policy.ts'
import type { RecordStage } from '../record-stage.ts'
import { SubtaskWatermark } from '../time/subtask-watermark.ts'
import type { WatermarkStrategy } from '../time/watermark-strategy.ts'
import { WatermarkTracker } from '../time/watermark-tracker.ts'
import type { ReaderOutput, Source, SourceReader, SourceReaderContext } from './source.ts'
import { SplitWatch } from './split-watch.ts'

/** How many records a source that aligns its watermark reads between two looks at the others. */
const ALIGNED_RECORDS_PER_POLL = 16

/** How a source operator reaches its enumerator and its task. Made by the runtime. */
export interface SourceOperatorLink {
  /** Asks the enumerator for a split. */
  requestSplit(): void
  /** Says how far this subtask is, for watermark alignment; answered by `alignWatermark`. */
  reportWatermark(watermarkMs: number): void
  /** Makes the task poll again. */
  wakeUp(): void
  /** Fails the task. */
  fail(error: unknown): void
}

/**
 * Runs a source reader in a task: polls it between mails, stamps its records and makes watermarks,
 * and keeps its splits in operator state.
 */
export class SourceOperator<T, Split> implements Operator, ReaderOutput<T> {
  readonly #source: Source<T, Split, unknown>
  readonly #strategy: WatermarkStrategy<T>
  readonly #link: SourceOperatorLink
  /** What was read and is not processed yet; empty between polls. */
  readonly #batch = new RecordBatch<T>()
  #process: (batch: RecordBatch<T>) => void = (batch) => this.#processBatch(batch)
  /** False for a strategy that would hand every record on as it is. */
  readonly #looksAtRecords: boolean
  #context!: OperatorContext
  #output!: Output<T>
  #reader: SourceReader<T, Split> | undefined
  #splits!: OperatorListState<Split>
  #watermark!: SubtaskWatermark
  #tracker!: WatermarkTracker<T>
  /** Above this watermark the source waits for the others of its alignment group. */
  #watermarkLimitMs: number = Number.POSITIVE_INFINITY
  #alignmentTimer: { cancel(): void } | undefined
  /** The split that the records at hand come from, if the source names it. */
  #splitId: string | undefined
  #watch!: SplitWatch

  constructor(
    source: Source<T, Split, unknown>,
    strategy: WatermarkStrategy<T>,
    link: SourceOperatorLink,
  ) {
    this.#source = source
    this.#strategy = strategy
    this.#link = link
    const { createGenerator, timestampAssigner, forwardJump, idleTimeoutMs } = strategy
    this.#looksAtRecords = [createGenerator, timestampAssigner, forwardJump, idleTimeoutMs].some(
      (part) => part !== undefined,
    )
  }

  setup(context: OperatorContext): void {
    this.#context = context
    this.#output = context.output
  }

  initializeState(): void {
    this.#splits = this.#context.operatorState.getListState(
      'source-splits',
      this.#source.splitType ?? plainData<Split>(),
    )
    this.#watermark = new SubtaskWatermark(this.#context, 'source-watermark')
  }

  open(): void {
    this.#tracker = new WatermarkTracker(this.#strategy, this.#context)
    this.#reader = this.#source.createReader(this.#readerContext())
    const restored = this.#splits.get()
    this.#trackSplits(restored)
    this.#watch = new SplitWatch(this.#context)
    if (restored.length > 0) this.#reader.addSplits(restored)
    else this.#watch.begin(this.#source, this.#strategy)
    this.#tracker.start()
    this.#scheduleReport()
    this.#reader.start()
  }

  /** Reads up to `maxRecords` records. See `SourceReader.poll`. */
  poll(maxRecords: number): 'more' | 'waiting' | 'end' {
    this.#watermark.sendRestored(this.#tracker)
    const reader = this.#reader
    if (reader === undefined) return 'end'
    const outcome =
      this.#strategy.alignment === undefined
        ? reader.poll(this, maxRecords)
        : this.#pollAligned(reader, maxRecords)
    this.#processRead()
    this.#output.flush()
    return outcome
  }

  /**
   * Lets another do what this operator does with a batch that was read. Called by a runtime that
   * fuses {@link SourceOperator.recordStage} with what follows.
   */
  processBy(process: (batch: RecordBatch<T>) => void): void {
    this.#process = process
  }

  /** What happens to each record that was read. Asked once the operator is open. */
  recordStage(): RecordStage {
    if (this.#looksAtRecords) return this.#tracker.stage()
    return { kind: 'pass', failed: rethrow }
  }

  /** The source has no more records: sends the watermark that closes event time. */
  endOfRecords(): void {
    this.#alignmentTimer?.cancel()
    if (this.#strategy.alignment !== undefined) this.#link.reportWatermark(MAX_WATERMARK_MS)
    this.#tracker.emitFinalWatermark()
    this.#output.flush()
  }

  /** The slowest subtask of the alignment group is so far. */
  alignWatermark(groupWatermarkMs: number): void {
    const { alignment } = this.#strategy
    if (alignment !== undefined) this.#watermarkLimitMs = groupWatermarkMs + alignment.maxDriftMs
  }

  addSplits(splits: readonly unknown[]): void {
    this.#watch.end()
    this.#trackSplits(splits as readonly Split[])
    this.#reader?.addSplits(splits as readonly Split[])
  }

  notifyNoMoreSplits(): void {
    this.#watch.end()
    this.#reader?.notifyNoMoreSplits()
  }

  collect(value: T, timestampMs: number): void {
    const batch = this.#batch
    const index = batch.length
    batch.values[index] = value
    batch.timestamps[index] = timestampMs
    batch.length = index + 1
    if (index + 1 === RECORD_BATCH_CAPACITY) this.#processRead()
  }

  forSplit(splitId: string): void {
    if (splitId === this.#splitId) return
    this.#processRead()
    this.#splitId = splitId
    this.#tracker.useSplit(splitId)
  }

  releaseSplit(splitId: string): void {
    this.#processRead()
    if (splitId === this.#splitId) this.#splitId = undefined
    this.#tracker.removeSplit(splitId)
  }

  malformed(record: unknown, origin: string, cause: unknown): void {
    const { task, recordErrorPolicy, metrics } = this.#context
    const reason = cause instanceof Error ? cause.message : String(cause)
    if (recordErrorPolicy === 'fail') {
      const shown = typeof record === 'string' ? record.slice(0, 200) : describeRecord(record)
      throw new EngineError(
        ErrorCode.MALFORMED_RECORD,
        `source '${task.operatorName}' (subtask ${task.subtaskIndex}) cannot parse ${origin}: ` +
          `${reason}; record: ${shown}. Repair the input, or set ` +
          "'pipeline.record-error-policy' to 'skip' or 'dead-letter'",
        { cause },
      )
    }
    if (recordErrorPolicy === 'skip') {
      metrics.counter('numRecordsSkipped').add(1)
      return
    }
    metrics.counter('numRecordsDeadLettered').add(1)
    this.#output.sideOutput(
      DEAD_LETTERS,
      {
        operatorName: task.operatorName,
        subtaskIndex: task.subtaskIndex,
        record,
        origin,
        timestampMs: Number.NaN,
        cause: reason,
      },
      Number.NaN,
    )
  }

  processWatermark(timestampMs: number): void {
    this.#output.emitWatermark(timestampMs)
  }

  processWatermarkStatus(idle: boolean): void {
    this.#output.emitWatermarkStatus(idle)
  }

  snapshotState(checkpointId: number): void {
    if (this.#reader !== undefined) this.#splits.update(this.#reader.snapshotState(checkpointId))
    this.#watermark.store(this.#tracker.currentWatermarkMs)
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.#reader?.notifyCheckpointComplete?.(checkpointId)
  }

  notifyCheckpointAborted(): void {}

  finish(): void {}

  close(): void {
    this.#alignmentTimer?.cancel()
    this.#watch?.end()
    this.#tracker?.close()
    this.#reader?.close()
  }

  #processRead(): void {
    const batch = this.#batch
    if (batch.length === 0) return
    try {
      this.#process(batch)
    } finally {
      batch.clear()
    }
  }

  #processBatch(batch: RecordBatch<T>): void {
    if (this.#looksAtRecords) {
      this.#tracker.processBatch(batch)
      return
    }
    const { values, timestamps, length } = batch
    for (let i = 0; i < length; i++) this.#output.collect(values[i] as T, timestamps[i] as number)
  }

  /** Reads a few records at a time, so as not to run far past the limit in one poll. */
  #pollAligned(reader: SourceReader<T, Split>, maxRecords: number): 'more' | 'waiting' | 'end' {
    for (let left = maxRecords; left > 0; left -= ALIGNED_RECORDS_PER_POLL) {
      if (this.#isTooFarAhead()) return 'waiting'
      const outcome = reader.poll(this, Math.min(left, ALIGNED_RECORDS_PER_POLL))
      this.#processRead()
      if (outcome !== 'more') return outcome
    }
    return 'more'
  }

  /** True while this subtask has to wait for others. Waiting is not idleness. */
  #isTooFarAhead(): boolean {
    const tracker = this.#tracker
    if (!tracker.idle) tracker.emitPeriodically()
    tracker.isHeldBack = tracker.currentWatermarkMs > this.#watermarkLimitMs
    return tracker.isHeldBack
  }

  #scheduleReport(): void {
    const { alignment } = this.#strategy
    if (alignment === undefined) return
    const { processingTime } = this.#context
    const atMs = processingTime.nowMs() + alignment.updateIntervalMs
    this.#alignmentTimer = processingTime.schedule(atMs, () => {
      const tracker = this.#tracker
      this.#link.reportWatermark(tracker.idle ? MAX_WATERMARK_MS : tracker.currentWatermarkMs)
      this.#scheduleReport()
    })
  }

  /** A split holds the watermark back from the moment it is assigned. */
  #trackSplits(splits: readonly Split[]): void {
    const source = this.#source
    if (source.splitId === undefined) return
    for (const split of splits) this.#tracker.addSplit(source.splitId(split))
  }

  #readerContext(): SourceReaderContext {
    const { task, env, metrics } = this.#context
    const link = this.#link
    return {
      task,
      env,
      metrics,
      acquire: (options) => this.#context.acquire(options),
      requestSplit: () => link.requestSplit(),
      wakeUp: () => link.wakeUp(),
      fail: (error) => link.fail(error),
    }
  }
}

function rethrow(error: unknown): never {
  throw error
}
