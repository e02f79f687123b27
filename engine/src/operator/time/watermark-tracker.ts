import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { RecordBatch } from '../../core/record-batch.ts'
import { MAX_WATERMARK_MS, MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import type { OperatorContext } from '../operator-context.ts'
import type { Output } from '../output.ts'
import { functionError, handleRecordError } from '../record-error.ts'
import type { TimestampsStage } from '../record-stage.ts'
import { SplitWatermarks } from './split-watermarks.ts'
import { END_OF_1970_MS, suspicionOf, TOY_TIMESTAMPS_END_MS } from './suspicious-timestamp.ts'
import { TrackedSplit } from './tracked-split.ts'
import type { ForwardJumpGuard, WatermarkStrategy } from './watermark-strategy.ts'

/** A subtask is found idle at the latest this part of the timeout too late. */
const IDLE_CHECKS_PER_TIMEOUT = 4

/** How much of a timestamp assigner's text a warning shows. */
const ASSIGNER_TEXT_LENGTH_MAX = 80

/**
 * Carries out a watermark strategy in one subtask: assigns timestamps, emits the records, makes
 * watermarks of them and notices idleness. Used by source operators and by the operator that
 * assigns timestamps in the middle of a job. Records and watermarks leave in one order, a watermark
 * right behind the record that caused it.
 *
 * A source that names its splits has a generator for each: see {@link WatermarkTracker.addSplit}.
 */
export class WatermarkTracker<T> {
  readonly #strategy: WatermarkStrategy<T>
  readonly #context: OperatorContext
  readonly #output: Output<T>
  readonly #hasGenerator: boolean
  /** True if the generator is asked after every record instead of at an interval. */
  readonly #emitsPerRecord: boolean
  /** How far the watermark must advance to be sent. */
  readonly #advanceMs: number
  /** True if records may be too far ahead. */
  readonly #limitsJumps: boolean
  /** Stands for the whole subtask as long as no split is named. */
  readonly #whole: TrackedSplit<T>
  /** Whose records come at present. */
  #current: TrackedSplit<T>
  #splits: SplitWatermarks<T> | undefined
  /** True while the subtask is kept from reading: silence is no idleness then. */
  isHeldBack = false
  #lastEmittedMs: number = MIN_WATERMARK_MS
  #idle = false
  /** Records below this timestamp are looked at for mistakes; the first record always is. */
  #suspectBelowMs: number
  #periodicTimer: { cancel(): void } | undefined
  #idleTimer: { cancel(): void } | undefined

  constructor(strategy: WatermarkStrategy<T>, context: OperatorContext) {
    this.#strategy = strategy
    this.#context = context
    this.#output = context.output
    this.#hasGenerator = strategy.createGenerator !== undefined
    this.#emitsPerRecord =
      strategy.emitEveryMs !== undefined || context.autoWatermarkIntervalMs === 0
    this.#advanceMs = strategy.emitEveryMs ?? 0
    this.#limitsJumps = strategy.forwardJump !== undefined
    const usesTime = this.#hasGenerator || strategy.timestampAssigner !== undefined
    this.#suspectBelowMs = usesTime ? Number.POSITIVE_INFINITY : -Number.MAX_VALUE
    this.#whole = this.#newSplit()
    this.#current = this.#whole
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
    if (this.#hasGenerator && !this.#emitsPerRecord) this.#schedulePeriodicEmit()
    this.#whole.lastActivityMs = this.#context.processingTime.nowMs()
    this.#scheduleIdleCheck()
  }

  /** Goes on from the watermark that was sent last before a snapshot: sends it again. */
  restore(watermarkMs: number): void {
    this.#whole.emitWatermark(watermarkMs)
    this.#splits?.restore(watermarkMs)
    if (watermarkMs > this.#lastEmittedMs) this.#send(watermarkMs)
  }

  /**
   * Begins to track a split by itself. It holds the watermark back until it has records or is
   * removed or idle. From the first named split on the watermark is that of the named splits.
   */
  addSplit(splitId: string): void {
    if (this.#splits === undefined) {
      this.#splits = new SplitWatermarks()
      this.#splits.restore(this.#lastEmittedMs)
    }
    if (this.#splits.get(splitId) !== undefined) return
    this.#splits.add(splitId, this.#newSplit())
    if (this.#idle) this.#becomeActive()
  }

  /** The records that follow are of this split, which is added if it is not known. */
  useSplit(splitId: string): void {
    let split = this.#splits?.get(splitId)
    if (split === undefined) {
      this.addSplit(splitId)
      split = this.#splits?.get(splitId)
    }
    if (split !== undefined) this.#current = split
  }

  /** A split has ended or was taken away: it holds nothing back any more. */
  removeSplit(splitId: string): void {
    const splits = this.#splits
    const split = splits?.get(splitId)
    if (splits === undefined || split === undefined) return
    if (!this.#emitsPerRecord && !split.idle) this.#askGenerator(split)
    splits.remove(splitId)
    if (this.#current === split) this.#current = this.#whole
    this.#whole.lastActivityMs = this.#context.processingTime.nowMs()
    this.#sendIfFarEnough(splits.combine())
    if (!splits.isEmpty && splits.allIdle && !this.#idle) this.#setIdle(true)
  }

  /** Processes a batch, record by record. */
  processBatch(batch: RecordBatch<T>): void {
    const { values, timestamps, length } = batch
    for (let i = 0; i < length; i++) this.#process(values[i] as T, timestamps[i] as number, i)
  }

  /** What {@link processBatch} does, for a loop that does more with each record. */
  stage(): TimestampsStage {
    return {
      kind: 'timestamps',
      assigner: this.#strategy.timestampAssigner,
      admit: (value, timestampMs) => this.#admit(value as T, timestampMs),
      passed: () => this.#advance(),
      failed: (...failure) => handleRecordError(this.#context, ...failure),
    }
  }

  /** Asks the generators what the records so far allow, and sends it. */
  emitPeriodically(): void {
    const splits = this.#splits
    if (splits === undefined) this.#askGenerator(this.#whole)
    else for (const split of splits.all()) if (!split.idle) this.#askGenerator(split)
    this.#sendIfFarEnough(splits === undefined ? this.#whole.watermarkMs : splits.combine())
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
    try {
      const assigner = this.#strategy.timestampAssigner
      if (assigner !== undefined) assignedMs = assigner(value, timestampMs)
      if (!this.#admit(value, assignedMs)) return
    } catch (error) {
      handleRecordError(this.#context, error, value, timestampMs, index)
      return
    }
    this.#output.collect(value, assignedMs)
    this.#advance()
  }

  /** Takes a record up with its timestamp. @returns false if it is too far ahead */
  #admit(value: T, timestampMs: number): boolean {
    const split = this.#current
    split.sawRecord = true
    if (split.idle) this.#comeBack(split)
    // One test in front of all checks: this method has to stay small to be inlined.
    const isPlain = timestampMs >= this.#suspectBelowMs && timestampMs < Infinity
    if (!isPlain || this.#limitsJumps || typeof timestampMs !== 'number') {
      if (this.#isRefused(value, timestampMs, split)) return false
    }
    const { generator } = split
    if (generator !== undefined) {
      generator.onEvent(value, timestampMs, split)
      if (this.#emitsPerRecord) generator.onPeriodicEmit(split)
    }
    return true
  }

  /** Sends the watermark if a record has moved it far enough. */
  #advance(): void {
    const split = this.#current
    const aheadMs = split.watermarkMs - this.#lastEmittedMs
    if (aheadMs <= 0) return
    const splits = this.#splits
    if (splits !== undefined) this.#sendIfFarEnough(splits.after(split))
    else if (aheadMs >= this.#advanceMs) this.#send(split.watermarkMs)
  }

  #sendIfFarEnough(watermarkMs: number): void {
    const advanceMs = watermarkMs - this.#lastEmittedMs
    if (advanceMs > 0 && advanceMs >= this.#advanceMs) this.#send(watermarkMs)
  }

  #send(watermarkMs: number): void {
    this.#lastEmittedMs = watermarkMs
    this.#output.emitWatermark(watermarkMs)
  }

  #schedulePeriodicEmit(): void {
    const { processingTime, autoWatermarkIntervalMs } = this.#context
    const atMs = processingTime.nowMs() + autoWatermarkIntervalMs
    this.#periodicTimer = processingTime.schedule(atMs, () => {
      if (!this.#idle) this.emitPeriodically()
      this.#schedulePeriodicEmit()
    })
  }

  #askGenerator(split: TrackedSplit<T>): void {
    try {
      split.generator?.onPeriodicEmit(split)
    } catch (error) {
      throw functionError(this.#context, 'onPeriodicEmit of its watermark generator', error)
    }
  }

  #newSplit(): TrackedSplit<T> {
    const nowMs = this.#context.processingTime.nowMs()
    return new TrackedSplit(this.#strategy.createGenerator?.(), nowMs)
  }

  /** An idle split has a record again. */
  #comeBack(split: TrackedSplit<T>): void {
    this.#context.metrics.counter('numIdleRecoveries').add(1)
    if (split === this.#whole) split.idle = false
    else this.#splits?.setActive(split)
    if (this.#idle) this.#becomeActive()
  }

  #becomeActive(): void {
    this.#whole.idle = false
    this.#setIdle(false)
    this.#scheduleIdleCheck()
  }

  #scheduleIdleCheck(): void {
    const timeoutMs = this.#strategy.idleTimeoutMs
    if (timeoutMs === undefined) return
    const { processingTime } = this.#context
    const atMs = processingTime.nowMs() + timeoutMs / IDLE_CHECKS_PER_TIMEOUT
    this.#idleTimer = processingTime.schedule(atMs, () => {
      const silent = this.#silentSplits(processingTime.nowMs(), timeoutMs)
      if (silent.length > 0) this.#takeOut(silent)
      if (!this.#idle) this.#scheduleIdleCheck()
    })
  }

  /** The splits that are to be idle from now on. */
  #silentSplits(nowMs: number, timeoutMs: number): readonly TrackedSplit<T>[] {
    const splits = this.#splits
    const watched = splits === undefined || splits.isEmpty ? [this.#whole] : [...splits.all()]
    return watched.filter((split) => {
      if (split.idle) return false
      if (split.sawRecord || this.isHeldBack) split.lastActivityMs = nowMs
      split.sawRecord = false
      return nowMs - split.lastActivityMs >= timeoutMs
    })
  }

  /** Lets the watermark go on without splits that are silent. */
  #takeOut(silent: readonly TrackedSplit<T>[]): void {
    // What the records so far allow is sent first: it would wait for the next record otherwise.
    if (!this.#emitsPerRecord) this.emitPeriodically()
    const splits = this.#splits
    for (const split of silent) {
      if (split === this.#whole) split.idle = true
      else splits?.setIdle(split)
    }
    if (splits !== undefined) this.#sendIfFarEnough(splits.combine())
    if (splits === undefined || splits.allIdle) this.#setIdle(true)
  }

  #setIdle(idle: boolean): void {
    this.#idle = idle
    this.#output.emitWatermarkStatus(idle)
  }

  /**
   * Looks for mistakes in a timestamp. True for one that is too far ahead.
   * @throws MALFORMED_RECORD if it is none
   */
  #isRefused(value: T, timestampMs: number, split: TrackedSplit<T>): boolean {
    if (!Number.isFinite(timestampMs)) {
      const byAssigner = this.#strategy.timestampAssigner !== undefined
      if (byAssigner || this.#hasGenerator) throw noTimestamp(timestampMs, byAssigner)
    }
    if (timestampMs < this.#suspectBelowMs && timestampMs >= TOY_TIMESTAMPS_END_MS) {
      this.#lookForMistakes(timestampMs)
    }
    const guard = this.#strategy.forwardJump
    if (guard === undefined) return false
    if (timestampMs > split.jumpLimitMs && this.#isTooFarAhead(timestampMs, split, guard)) {
      this.#context.metrics.counter('numRecordsTooFarAhead').add(1)
      if (guard.tag !== undefined) this.#output.sideOutput(guard.tag, value, timestampMs)
      return true
    }
    split.jumpLimitMs = Math.max(split.jumpLimitMs, timestampMs + guard.maxJumpMs)
    return false
  }

  #isTooFarAhead(timestampMs: number, split: TrackedSplit<T>, guard: ForwardJumpGuard<T>): boolean {
    const isFirst = split.jumpLimitMs === Number.NEGATIVE_INFINITY
    // The watermark says something of the first record after a restore, unless splits differ.
    const restoredMs =
      isFirst && this.#splits === undefined ? this.#lastEmittedMs : MIN_WATERMARK_MS
    const comparesClock =
      guard.reference === 'processing-time' || (isFirst && restoredMs === MIN_WATERMARK_MS)
    const clockMs = comparesClock ? this.#context.processingTime.nowMs() : MIN_WATERMARK_MS
    return timestampMs > Math.max(clockMs, restoredMs) + guard.maxJumpMs
  }

  #lookForMistakes(timestampMs: number): void {
    this.#suspectBelowMs = END_OF_1970_MS
    const suspicion = suspicionOf(timestampMs, this.#context.processingTime.nowMs())
    if (suspicion === undefined) return
    this.#suspectBelowMs = -Number.MAX_VALUE
    const assigner = this.#strategy.timestampAssigner
    const from =
      assigner === undefined
        ? 'that came with the record'
        : `of the timestamp assigner '${String(assigner).slice(0, ASSIGNER_TEXT_LENGTH_MAX)}'`
    this.#context.warn(`the timestamp ${timestampMs} ${from} ${suspicion}`)
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
