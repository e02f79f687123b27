import type { Counter } from '../../core/metrics.ts'
import type { OutputTag } from '../../core/output-tag.ts'
import type { OperatorContext } from '../operator-context.ts'
import type { Output } from '../output.ts'

/**
 * Where records go that are too late for all their windows: to the side output if the user named
 * one, else nowhere, counted in `numLateRecordsDropped`.
 */
export class LateRecords<IN> {
  readonly #output: Output<unknown>
  readonly #tag: OutputTag<IN> | undefined
  readonly #dropped: Counter

  constructor(context: OperatorContext, output: Output<unknown>, tag: OutputTag<IN> | undefined) {
    this.#output = output
    this.#tag = tag
    this.#dropped = context.metrics.counter('numLateRecordsDropped')
  }

  add(value: IN, timestampMs: number): void {
    if (this.#tag === undefined) this.#dropped.add(1)
    else this.#output.sideOutput(this.#tag, value, timestampMs)
  }
}
