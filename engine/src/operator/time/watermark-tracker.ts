import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { RecordBatch } from '../../core/record-batch.ts'
import { MAX_WATERMARK_MS, MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import type { OperatorContext } from '../operator-context.ts'
import type { Output } from '../output.ts'
import { functionError, handleRecordError } from '../record-error.ts'
import type { WatermarkGenerator, WatermarkOutput } from './watermark-generator.ts'
import type { WatermarkStrategy } from './watermark-strategy.ts'

/** A subtask is found idle at the latest this part of the timeout too late. */
const IDLE_CHECKS_PER_TIMEOUT = 4

/** Keeps the highest watermark a generator made until the tracker sends it. */
class PendingWatermark implements WatermarkOutput {
  timestampMs: number = MIN_WATERMARK_MS

  emitWatermark(timestampMs: number): void {
    if (timestampMs > this.timestampMs) {
      this.timestampMs = Math.min(timestampMs, MAX_WATERMARK_MS)
    } else if (Number.isNaN(timestampMs)) {
      throw new EngineError(ErrorCode.INVALID_ARGUMENT, 'a watermark generator emitted NaN')
    }
  }
}

/**
 * Carries out a watermark strategy in one subtask: assigns timestamps, emits the records, makes
 * watermarks of them and notices idleness. Used by source operators and by the operator that
 * assigns timestamps in the middle of a job. Records and watermarks leave in one order, a watermark
 * right behind the record that caused it.
 */
export class WatermarkTracker<T> {
  readonly #strategy: WatermarkStrategy<T>
  readonly #context: OperatorContext
  readonly #output: Output<T>
  /** Undefined for a stream without watermarks. */
  readonly #generator: WatermarkGenerator<T> | undefined
  readonly #pending: PendingWatermark = new PendingWatermark()
  /** True if the generator is asked after every record instead of at an interval. */
  readonly #emitsPerRecord: boolean
  /** How far the watermark must advance to be sent. */
  readonly #advanceMs: number
  #lastEmittedMs: number = MIN_WATERMARK_MS
  #idle = false
  /** Whether a record came since the last idle check; the clock is not read per record. */
  #sawRecord = false
  #lastActivityMs = 0
  #periodicTimer: { cancel(): void } | undefined
  #idleTimer: { cancel(): void } | undefined

  constructor(strategy: WatermarkStrategy<T>, context: OperatorContext) {
    this.#strategy = strategy
    this.#context = context
    this.#output = context.output
    this.#generator = strategy.createGenerator?.()
    this.#emitsPerRecord =
      strategy.emitEveryMs !== undefined || context.autoWatermarkIntervalMs === 0
    this.#advanceMs = strategy.emitEveryMs ?? 0
  }

  /** The watermark sent last. Put into state and given to {@link restore}, none is sent twice. */
  get currentWatermarkMs(): number {
    return this.#lastEmittedMs
  }

  /** True while the subtask counts as idle. */
  get idle(): boolean {
    return this.#idle
  }

  /** Starts the timers of periodic watermarks and of idleness. Called when the operator opens. */
  start(): void {
    if (this.#generator !== undefined && !this.#emitsPerRecord) this.#schedulePeriodicEmit()
    this.#lastActivityMs = this.#context.processingTime.nowMs()
    this.#scheduleIdleCheck()
  }

  /** Goes on from the watermark that was sent last before a snapshot: sends it again. */
  restore(watermarkMs: number): void {
    this.#pending.emitWatermark(watermarkMs)
    if (watermarkMs > this.#lastEmittedMs) this.#send(watermarkMs)
  }

  /** Processes one record; `timestampMs` is the one it came with, `NaN` for none. */
  onRecord(value: T, timestampMs: number): void {
    this.#noteActivity()
    this.#process(value, timestampMs, -1)
  }

  /** Processes a batch as {@link onRecord} does each of its records. */
  processBatch(batch: RecordBatch<T>): void {
    const { values, timestamps, length } = batch
    if (length > 0) this.#noteActivity()
    for (let i = 0; i < length; i++) this.#process(values[i] as T, timestamps[i] as number, i)
  }

  /** The input has ended: sends the watermark that closes event time. */
  emitFinalWatermark(): void {
    this.close()
    if (this.#idle) this.#setIdle(false)
    if (this.#lastEmittedMs < MAX_WATERMARK_MS) this.#send(MAX_WATERMARK_MS)
  }

  /** Stops the timers. */
  close(): void {
    this.#periodicTimer?.cancel()
    this.#idleTimer?.cancel()
  }

  #process(value: T, timestampMs: number, index: number): void {
    let assignedMs = timestampMs
    const generator = this.#generator
    try {
      const assigner = this.#strategy.timestampAssigner
      if (assigner !== undefined) assignedMs = assigner(value, timestampMs)
      if (!Number.isFinite(assignedMs) && (assigner !== undefined || generator !== undefined)) {
        throw noTimestamp(assignedMs, assigner !== undefined)
      }
      if (generator !== undefined) {
        generator.onEvent(value, assignedMs, this.#pending)
        if (this.#emitsPerRecord) generator.onPeriodicEmit(this.#pending)
      }
    } catch (error) {
      handleRecordError(this.#context, error, value, timestampMs, index)
      return
    }
    this.#output.collect(value, assignedMs)
    if (this.#pending.timestampMs > this.#lastEmittedMs) this.#sendIfFarEnough()
  }

  #sendIfFarEnough(): void {
    const pendingMs = this.#pending.timestampMs
    if (pendingMs - this.#lastEmittedMs >= this.#advanceMs) this.#send(pendingMs)
  }

  #send(watermarkMs: number): void {
    this.#lastEmittedMs = watermarkMs
    this.#output.emitWatermark(watermarkMs)
  }

  #schedulePeriodicEmit(): void {
    const { processingTime, autoWatermarkIntervalMs } = this.#context
    const atMs = processingTime.nowMs() + autoWatermarkIntervalMs
    this.#periodicTimer = processingTime.schedule(atMs, () => {
      if (!this.#idle) this.#emitPeriodically()
      this.#schedulePeriodicEmit()
    })
  }

  #emitPeriodically(): void {
    try {
      this.#generator?.onPeriodicEmit(this.#pending)
    } catch (error) {
      throw functionError(this.#context, 'onPeriodicEmit of its watermark generator', error)
    }
    if (this.#pending.timestampMs > this.#lastEmittedMs) this.#sendIfFarEnough()
  }

  #noteActivity(): void {
    this.#sawRecord = true
    if (!this.#idle) return
    this.#setIdle(false)
    this.#scheduleIdleCheck()
  }

  #scheduleIdleCheck(): void {
    const timeoutMs = this.#strategy.idleTimeoutMs
    if (timeoutMs === undefined) return
    const { processingTime } = this.#context
    const atMs = processingTime.nowMs() + timeoutMs / IDLE_CHECKS_PER_TIMEOUT
    this.#idleTimer = processingTime.schedule(atMs, () => {
      const nowMs = processingTime.nowMs()
      if (this.#sawRecord) this.#lastActivityMs = nowMs
      this.#sawRecord = false
      if (nowMs - this.#lastActivityMs < timeoutMs) {
        this.#scheduleIdleCheck()
        return
      }
      // What the records so far allow is sent first: it would wait for the next record otherwise.
      if (!this.#emitsPerRecord) this.#emitPeriodically()
      this.#setIdle(true)
    })
  }

  #setIdle(idle: boolean): void {
    this.#idle = idle
    this.#output.emitWatermarkStatus(idle)
  }
}

function noTimestamp(assigned: unknown, byAssigner: boolean): EngineError {
  return new EngineError(
    ErrorCode.MALFORMED_RECORD,
    byAssigner
      ? `the timestamp assigner returned ${typeof assigned} ${String(assigned)}; it must return ` +
          'milliseconds since 1970 as a finite number. Is the field there in every record?'
      : 'the record has no timestamp and the watermark strategy no timestamp assigner; call ' +
          'withTimestampAssigner((value) => ...) on the strategy',
  )
}
