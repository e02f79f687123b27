import type { Counter } from '../../core/metrics.ts'
import type { OutputTag } from '../../core/output-tag.ts'
import { RECORD_BATCH_CAPACITY, RecordBatch } from '../../core/record-batch.ts'
import type { Output } from '../../operator/output.ts'

/** Whatever takes the elements of an output: the next operator of the chain, or an exchange. */
export interface ElementConsumer {
  /** The batch is valid until the call returns. */
  batch(batch: RecordBatch): void
  /**
   * As `batch`, for the only consumer of an output: it may take the arrays of the batch and leave
   * others of the same capacity in their place. Left out by those that keep nothing.
   */
  takeBatch?(batch: RecordBatch): void
  watermark(timestampMs: number): void
  watermarkStatus(idle: boolean): void
}

interface SideOutput {
  readonly batch: RecordBatch
  readonly consumers: readonly ElementConsumer[]
}

/**
 * The output of one operator of a chain. Collects records into a batch and hands it on when it is
 * full, and at the latest when the call that made the records returns. Hot.
 */
export class ChainOutput implements Output<unknown> {
  readonly #batch = new RecordBatch()
  readonly #consumers: readonly ElementConsumer[]
  readonly #sides = new Map<string, SideOutput>()
  readonly #recordsOut: Counter

  constructor(
    consumers: readonly ElementConsumer[],
    sides: ReadonlyMap<string, readonly ElementConsumer[]>,
    recordsOut: Counter,
  ) {
    this.#consumers = consumers
    for (const [id, of] of sides) this.#sides.set(id, { batch: new RecordBatch(), consumers: of })
    this.#recordsOut = recordsOut
  }

  collect(value: unknown, timestampMs: number): void {
    const batch = this.#batch
    const index = batch.length
    batch.values[index] = value
    batch.timestamps[index] = timestampMs
    batch.length = index + 1
    if (index + 1 === RECORD_BATCH_CAPACITY) this.#flushMain()
  }

  sideOutput<X>(tag: OutputTag<X>, value: X, timestampMs: number): void {
    const side = this.#sides.get(tag.id)
    if (side === undefined) return
    side.batch.add(value, timestampMs)
    if (side.batch.length >= RECORD_BATCH_CAPACITY) flushInto(side.batch, side.consumers)
  }

  emitWatermark(timestampMs: number): void {
    this.flush()
    for (const consumer of this.#consumers) consumer.watermark(timestampMs)
    for (const side of this.#sides.values()) {
      for (const consumer of side.consumers) consumer.watermark(timestampMs)
    }
  }

  emitWatermarkStatus(idle: boolean): void {
    this.flush()
    for (const consumer of this.#consumers) consumer.watermarkStatus(idle)
    for (const side of this.#sides.values()) {
      for (const consumer of side.consumers) consumer.watermarkStatus(idle)
    }
  }

  flush(): void {
    if (this.#batch.length > 0) this.#flushMain()
    if (this.#sides.size === 0) return
    for (const side of this.#sides.values()) flushInto(side.batch, side.consumers)
  }

  #flushMain(): void {
    const batch = this.#batch
    this.#recordsOut.add(batch.length)
    const only = this.#consumers.length === 1 ? this.#consumers[0] : undefined
    if (only?.takeBatch === undefined) {
      flushInto(batch, this.#consumers)
      return
    }
    only.takeBatch(batch)
    batch.clear()
  }
}

function flushInto(batch: RecordBatch, consumers: readonly ElementConsumer[]): void {
  if (batch.length === 0) return
  for (let i = 0; i < consumers.length; i++) consumers[i]?.batch(batch)
  batch.clear()
}
