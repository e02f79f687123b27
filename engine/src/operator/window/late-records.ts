import type { Counter } from '../../core/metrics.ts'
import type { OutputTag } from '../../core/output-tag.ts'
import type { OperatorContext } from '../operator-context.ts'
import type { Output } from '../output.ts'

/** What is behind a value of the input that was folded of records. */
export interface FoldedRecords {
  readonly recordCount: number
  /** The record, if it is one and was kept. */
  readonly record?: unknown
}

/** What a window operator does with records that are too late for all their windows. */
export interface LateHandling<IN> {
  /** The side output they go to. */
  readonly lateTag: OutputTag<IN> | undefined
  /** Set if the input are not records but what was folded of them. */
  readonly foldedOf?: ((value: IN) => FoldedRecords) | undefined
}

/**
 * Where records go that are too late for all their windows: to the side output if the user named
 * one, else nowhere, counted in `numLateRecordsDropped`.
 */
export class LateRecords<IN> {
  readonly #output: Output<unknown>
  readonly #handling: LateHandling<IN>
  readonly #dropped: Counter

  constructor(context: OperatorContext, output: Output<unknown>, handling: LateHandling<IN>) {
    this.#output = output
    this.#handling = handling
    this.#dropped = context.metrics.counter('numLateRecordsDropped')
  }

  add(value: IN, timestampMs: number): void {
    const { lateTag, foldedOf } = this.#handling
    const folded = foldedOf?.(value)
    if (lateTag === undefined) this.#dropped.add(folded?.recordCount ?? 1)
    else if (folded === undefined) this.#output.sideOutput(lateTag, value, timestampMs)
    else if ('record' in folded) {
      this.#output.sideOutput(lateTag, folded.record as IN, timestampMs)
    } else this.#dropped.add(folded.recordCount)
  }
}
