import type { RecordBatch } from '../../../core/record-batch.ts'
import { MIN_WATERMARK_MS } from '../../../core/stream-element.ts'
import type { AggregateFunction } from '../../../state/state-descriptor.ts'
import { type KeyIdentity, keyIdentity } from '../../../types/key-identity.ts'
import { functionSupplier } from '../../function/function-supplier.ts'
import type { KeySelector } from '../../function/functions.ts'
import { undefinedKey } from '../../keyed/keyed-record-operator.ts'
import type { OneInputOperator, OperatorFactory } from '../../operator.ts'
import { RecordOperator } from '../../record-operator.ts'
import { missingTimestamp } from '../missing-timestamp.ts'
import type { Pane, PaneLayout } from '../panes/pane-layout.ts'
import type { PartialAggregate } from './partial-aggregate.ts'

/** What a {@link LocalWindowAggregateOperator} is made of. */
export interface LocalWindowAggregateOptions<IN, K> {
  readonly keySelector: KeySelector<IN, K>
  readonly aggregate: AggregateFunction<IN, unknown, unknown>
  /** The stretches of time whose records are in the same windows. Called once per subtask. */
  readonly panes: () => Pick<PaneLayout, 'paneOf'>
  /** Partial aggregates a subtask holds at most before it hands all of them on. */
  readonly entriesMax: number
}

/** A partial aggregate that still grows. */
interface Growing<K> {
  readonly key: K
  accumulator: unknown
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
 * So there is no state. A record whose pane the watermark has passed is handed on at once and by
 * itself: whether it is late is decided where it would be without this operator.
 *
 * @see Apache Flink, "Performance Tuning": local-global aggregation, which this is for DataStream
 */
export class LocalWindowAggregateOperator<IN, K>
  extends RecordOperator<IN, PartialAggregate<K, unknown>>
  implements OneInputOperator<IN>
{
  readonly #options: LocalWindowAggregateOptions<IN, K>
  readonly #aggregate: AggregateFunction<IN, unknown, unknown>
  readonly #layout: Pick<PaneLayout, 'paneOf'>
  readonly #panes = new Map<number, PaneEntries<K>>()
  /** The pane of the last record. */
  #last: PaneEntries<K> | undefined
  #entryCount = 0
  #watermarkMs = MIN_WATERMARK_MS
  /** From then on others need not wait for this input's watermark, so nothing may be held. */
  #wasIdle = false

  constructor(
    options: LocalWindowAggregateOptions<IN, K>,
    aggregate: AggregateFunction<IN, unknown, unknown>,
  ) {
    super(aggregate)
    this.#options = options
    this.#aggregate = aggregate
    this.#layout = options.panes()
  }

  override processBatch(batch: RecordBatch<IN>): void {
    super.processBatch(batch)
    if (this.#wasIdle || this.#entryCount > this.#options.entriesMax) this.#handOn(() => true)
  }

  protected override processRecord(value: IN, timestampMs: number): void {
    const key = this.#options.keySelector(value)
    if (key === undefined) throw undefinedKey()
    const aggregate = this.#aggregate
    const pane = this.#paneOf(value, timestampMs)
    if (pane.endMs - 1 <= this.#watermarkMs) {
      const accumulator = aggregate.add(value, aggregate.createAccumulator())
      this.output.collect({ key, accumulator }, timestampMs)
      return
    }
    const identity = keyIdentity(key)
    const entry = pane.entries.get(identity)
    if (entry !== undefined) {
      entry.accumulator = aggregate.add(value, entry.accumulator)
      return
    }
    const accumulator = aggregate.add(value, aggregate.createAccumulator())
    pane.entries.set(identity, { key, accumulator })
    this.#entryCount++
  }

  override processWatermark(timestampMs: number): void {
    this.#watermarkMs = timestampMs
    this.#handOn((pane) => pane.endMs - 1 <= timestampMs)
    super.processWatermark(timestampMs)
  }

  /** While this input is idle the watermark of others goes on: what is held must be ahead of it. */
  override processWatermarkStatus(idle: boolean): void {
    if (idle) this.#handOn(() => true)
    this.#wasIdle ||= idle
    super.processWatermarkStatus(idle)
  }

  override snapshotState(checkpointId: number): void {
    super.snapshotState(checkpointId)
    this.#handOn(() => true)
  }

  override finish(): void {
    this.#handOn(() => true)
    super.finish()
  }

  #paneOf(value: IN, timestampMs: number): PaneEntries<K> {
    const last = this.#last
    if (last !== undefined && timestampMs >= last.startMs && timestampMs < last.endMs) return last
    if (!Number.isFinite(timestampMs)) throw missingTimestamp(this.context, value, timestampMs)
    const { startMs, endMs } = this.#layout.paneOf(timestampMs)
    let pane = this.#panes.get(startMs)
    if (pane === undefined) {
      pane = { startMs, endMs, entries: new Map() }
      if (endMs - 1 > this.#watermarkMs) this.#panes.set(startMs, pane)
    }
    this.#last = pane
    return pane
  }

  #handOn(isDue: (pane: Pane) => boolean): void {
    for (const pane of this.#panes.values()) {
      if (!isDue(pane)) continue
      for (const { key, accumulator } of pane.entries.values()) {
        this.output.collect({ key, accumulator }, pane.startMs)
      }
      this.#entryCount -= pane.entries.size
      this.#panes.delete(pane.startMs)
    }
    this.#last = undefined
  }
}

/** Makes the first phase of a window aggregate. */
export function localWindowAggregateOperator<IN, K>(
  options: LocalWindowAggregateOptions<IN, K>,
): OperatorFactory<OneInputOperator<IN>> {
  const aggregate = functionSupplier(options.aggregate)
  return () => new LocalWindowAggregateOperator(options, aggregate())
}
