import type { Counter } from '../../../core/metrics.ts'
import type { RecordBatch } from '../../../core/record-batch.ts'
import { MAX_WATERMARK_MS, MIN_WATERMARK_MS } from '../../../core/stream-element.ts'
import type { OperatorListState } from '../../../state/operator-state.ts'
import type { AggregateFunction } from '../../../state/state-descriptor.ts'
import { type KeyIdentity, keyIdentity } from '../../../types/key-identity.ts'
import { types } from '../../../types/types.ts'
import { functionSupplier } from '../../function/function-supplier.ts'
import type { KeySelector } from '../../function/functions.ts'
import { undefinedKey } from '../../keyed/keyed-record-operator.ts'
import type { OneInputOperator, OperatorFactory } from '../../operator.ts'
import { handleRecordError } from '../../record-error.ts'
import { RecordOperator } from '../../record-operator.ts'
import { missingTimestamp } from '../missing-timestamp.ts'
import type { Pane } from '../panes/pane-layout.ts'
import { FoldYield } from './fold-yield.ts'
import type { PartialAggregate } from './partial-aggregate.ts'
import type { TwoPhasePanes } from './two-phase-panes.ts'

/** What a {@link LocalWindowAggregateOperator} is made of. */
export interface LocalWindowAggregateOptions<IN, K> {
  readonly keySelector: KeySelector<IN, K>
  readonly aggregate: AggregateFunction<IN, unknown, unknown>
  /** The stretches of time whose records are in the same windows. Called once per subtask. */
  readonly panes: () => TwoPhasePanes
  /** Partial aggregates a subtask holds at most before it hands all of them on. */
  readonly entriesMax: number
  /**
   * What the second phase does with records that are late. `drops`: counts them, so they may come
   * folded. `takes`: each fires a window, so they have to come one by one. `puts aside`: to a side
   * output as well, so each has to bring the record along.
   */
  readonly lateRecords: 'drops' | 'takes' | 'puts aside'
}

/** A partial aggregate that still grows. */
interface Growing<K> {
  readonly key: K
  accumulator: unknown
  recordCount: number
}

/** The partial aggregates of one pane. */
interface PaneEntries<K> extends Pane {
  readonly entries: Map<KeyIdentity, Growing<K>>
}

/**
 * The first phase of a window aggregate, ahead of the exchange: folds the records of a key and pane
 * into one partial aggregate, so that however hot a key is, the subtask that owns it gets few
 * records of it.
 *
 * What is held is handed on before anything could make it late or lose it: before the watermark
 * passes its pane, before the input is idle, before a barrier, when there is too much, at the end;
 * and with every batch once the input has been idle, as nobody waits for it until it catches up.
 *
 * Where folding brings little (see {@link FoldYield}) each record is handed on by itself, as a
 * partial aggregate of one; `numRecordsUnfolded` counts them. Before that starts, all that is held
 * is handed on: what a subtask sends of a key and pane is in the order of the records.
 *
 * A record whose pane the second phase may have passed is handed on at once and by itself: whether
 * it is late is decided where it would be without this operator. The second phase is never ahead of
 * this watermark, with two exceptions that matter where late records are more than counted. It goes
 * on without this input while that is idle. And it goes on from where it was before a failure: so
 * the watermark is stored, and a restored subtask goes by the highest of all.
 *
 * @see Apache Flink, "Performance Tuning": local-global aggregation, which this is for DataStream
 */
export class LocalWindowAggregateOperator<IN, K>
  extends RecordOperator<IN, PartialAggregate<K, unknown>>
  implements OneInputOperator<IN>
{
  readonly #options: LocalWindowAggregateOptions<IN, K>
  readonly #keySelector: KeySelector<IN, K>
  readonly #aggregate: AggregateFunction<IN, unknown, unknown>
  readonly #paneAt: TwoPhasePanes
  readonly #keepsRecords: boolean
  readonly #panes = new Map<number, PaneEntries<K>>()
  /** The pane of the last record, if it is held. */
  #last: PaneEntries<K> | undefined
  #entryCount = 0
  /** Undefined if late records are only counted: then there is no state. */
  #watermarks: OperatorListState<number> | undefined
  /** The highest watermark so far, also before a restore; not the one that ends event time. */
  #watermarkMs = MIN_WATERMARK_MS
  /** How far the second phase may be. */
  #passedMs: number = MIN_WATERMARK_MS
  /** From then on others need not wait for this input's watermark, so nothing may be held. */
  #wasIdle = false
  #yield = new FoldYield()
  #unfolded!: Counter

  constructor(
    options: LocalWindowAggregateOptions<IN, K>,
    aggregate: AggregateFunction<IN, unknown, unknown>,
  ) {
    super(aggregate)
    this.#options = options
    this.#keySelector = options.keySelector
    this.#aggregate = aggregate
    this.#keepsRecords = options.lateRecords === 'puts aside'
    this.#paneAt = options.panes()
  }

  override initializeState(): void {
    super.initializeState()
    this.#unfolded = this.context.metrics.counter('numRecordsUnfolded')
    // In tests it may be judged every few records. No result may depend on it.
    const isJudgedOften = this.context.env.random.buggify('window.short-fold-stretches')
    this.#yield = isJudgedOften ? new FoldYield(3, 2) : new FoldYield()
    if (this.#options.lateRecords === 'drops') return
    const { operatorState } = this.context
    this.#watermarks = operatorState.getUnionListState('millrace-local-watermark', types.number)
    for (const watermarkMs of this.#watermarks.get()) {
      this.#watermarkMs = Math.max(this.#watermarkMs, watermarkMs)
    }
    this.#passedMs = this.#watermarkMs
  }

  override processBatch(batch: RecordBatch<IN>): void {
    if (!this.#yield.pays) {
      this.#passBy(batch)
      return
    }
    super.processBatch(batch)
    if (this.#wasIdle || this.#entryCount > this.#options.entriesMax) {
      this.#handOn(() => true)
    }
  }

  /** Hands each record on by itself. Hot where folding does not pay. */
  #passBy(batch: RecordBatch<IN>): void {
    const { values, timestamps, length } = batch
    let i = 0
    while (i < length) {
      try {
        for (; i < length; i++) {
          const value = values[i] as IN
          const timestampMs = timestamps[i] as number
          if (!Number.isFinite(timestampMs)) {
            throw missingTimestamp(this.context, value, timestampMs)
          }
          this.#handOnAlone(this.#keyOf(value), value, timestampMs)
        }
      } catch (error) {
        this.guard.throwIfFailed()
        handleRecordError(this.context, error, values[i], timestamps[i] as number, i)
        i++
      }
    }
    this.guard.throwIfFailed()
    this.#unfolded.add(length)
    this.#yield.passedBy(length)
  }

  protected override processRecord(value: IN, timestampMs: number): void {
    const key = this.#keyOf(value)
    const aggregate = this.#aggregate
    const pane = this.#paneOf(value, timestampMs)
    if (pane === undefined) {
      this.#handOnAlone(key, value, timestampMs)
      return
    }
    const identity = keyIdentity(key)
    const entry = pane.entries.get(identity)
    if (entry !== undefined) {
      entry.accumulator = aggregate.add(value, entry.accumulator)
      entry.recordCount++
      return
    }
    const accumulator = aggregate.add(value, aggregate.createAccumulator())
    pane.entries.set(identity, { key, accumulator, recordCount: 1 })
    this.#entryCount++
  }

  override processWatermark(timestampMs: number): void {
    if (timestampMs < MAX_WATERMARK_MS) {
      this.#watermarkMs = Math.max(this.#watermarkMs, timestampMs)
    }
    this.#passedMs = Math.max(this.#passedMs, timestampMs)
    this.#handOn((pane) => pane.endMs - 1 <= timestampMs)
    super.processWatermark(timestampMs)
  }

  /** While this input is idle the watermark of others goes on: what is held must be ahead of it. */
  override processWatermarkStatus(idle: boolean): void {
    if (idle) {
      this.#handOn(() => true)
      this.#wasIdle = true
      if (this.#options.lateRecords !== 'drops') this.#passedMs = Number.POSITIVE_INFINITY
    }
    super.processWatermarkStatus(idle)
  }

  override snapshotState(checkpointId: number): void {
    super.snapshotState(checkpointId)
    this.#handOn(() => true)
    this.#watermarks?.update([this.#watermarkMs])
  }

  override finish(): void {
    this.#handOn(() => true)
    super.finish()
  }

  #keyOf(value: IN): K {
    const key = this.#keySelector(value)
    if (key === undefined) throw undefinedKey()
    return key
  }

  /** The pane whose partial aggregates hold the record; undefined if it may not be held. */
  #paneOf(value: IN, timestampMs: number): PaneEntries<K> | undefined {
    const last = this.#last
    if (last !== undefined && timestampMs >= last.startMs && timestampMs < last.endMs) return last
    if (!Number.isFinite(timestampMs)) throw missingTimestamp(this.context, value, timestampMs)
    const found = this.#paneAt(timestampMs)
    if (found === undefined || found.endMs - 1 <= this.#passedMs) return undefined
    const { startMs, endMs } = found
    let pane = this.#panes.get(startMs)
    if (pane === undefined) {
      pane = { startMs, endMs, entries: new Map() }
      this.#panes.set(startMs, pane)
    }
    this.#last = pane
    return pane
  }

  #handOnAlone(key: K, value: IN, timestampMs: number): void {
    const aggregate = this.#aggregate
    const accumulator = aggregate.add(value, aggregate.createAccumulator())
    const partial = { key, accumulator, recordCount: 1 }
    this.output.collect(this.#keepsRecords ? { ...partial, record: value } : partial, timestampMs)
  }

  #handOn(isDue: (pane: Pane) => boolean): void {
    let partials = 0
    let records = 0
    for (const pane of this.#panes.values()) {
      if (!isDue(pane)) continue
      for (const partial of pane.entries.values()) {
        records += partial.recordCount
        this.output.collect(partial, pane.startMs)
      }
      partials += pane.entries.size
      this.#panes.delete(pane.startMs)
    }
    this.#entryCount -= partials
    this.#last = undefined
    this.#yield.handedOn(partials, records)
    // What is still held must not come behind the records that are now handed on by themselves.
    if (!this.#yield.pays && this.#entryCount > 0) this.#handOn(() => true)
  }
}

/** Makes the first phase of a window aggregate. */
export function localWindowAggregateOperator<IN, K>(
  options: LocalWindowAggregateOptions<IN, K>,
): OperatorFactory<OneInputOperator<IN>> {
  const aggregate = functionSupplier(options.aggregate)
  return () => new LocalWindowAggregateOperator(options, aggregate())
}
