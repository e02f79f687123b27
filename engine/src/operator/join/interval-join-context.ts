import type { OutputTag } from '../../core/output-tag.ts'
import type { Output } from '../output.ts'
import { TimestampedCollector } from '../timestamped-collector.ts'
import type { ProcessJoinContext } from './process-join-function.ts'

/** Context and collector of an interval join: one object of each serves all pairs. */
export class IntervalJoinContext<OUT> implements ProcessJoinContext {
  readonly collector: TimestampedCollector<OUT>
  leftTimestampMs = 0
  rightTimestampMs = 0
  readonly #output: Output<OUT>

  constructor(output: Output<OUT>) {
    this.#output = output
    this.collector = new TimestampedCollector(output)
  }

  get timestampMs(): number {
    return this.collector.timestampMs
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.#output.sideOutput(tag, value, this.collector.timestampMs)
  }

  /** A pair is at hand. */
  atPair(leftTimestampMs: number, rightTimestampMs: number): void {
    this.leftTimestampMs = leftTimestampMs
    this.rightTimestampMs = rightTimestampMs
    this.collector.timestampMs = Math.max(leftTimestampMs, rightTimestampMs)
  }
}
