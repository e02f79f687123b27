import type { OutputTag } from '../../core/output-tag.ts'
import type { Collector, RichFunction } from '../function/functions.ts'

/** What a {@link ProcessJoinFunction} sees beside the pair. Valid until the call returns. */
export interface ProcessJoinContext {
  /** Event time of the left record in milliseconds since 1970. */
  readonly leftTimestampMs: number
  /** Event time of the right record in milliseconds since 1970. */
  readonly rightTimestampMs: number
  /** The later of both: what the results carry. */
  readonly timestampMs: number
  /** Emits to a side output, with the timestamp of results. */
  output<X>(tag: OutputTag<X>, value: X): void
}

/** Turns the pairs of an interval join into any number of records. */
export interface ProcessJoinFunction<L, R, OUT> extends RichFunction {
  processElement(left: L, right: R, ctx: ProcessJoinContext, out: Collector<OUT>): void
}

/** A {@link ProcessJoinFunction} in either form. */
export type ProcessJoin<L, R, OUT> =
  | ProcessJoinFunction<L, R, OUT>
  | ProcessJoinFunction<L, R, OUT>['processElement']
