import type { OutputTag } from '../../core/output-tag.ts'
import type { Collector, RichFunction } from '../function/functions.ts'
import type { TimeDomain, TimerService } from './timer-service.ts'

/** What a process function sees beside the record. Valid until the call returns. */
export interface ProcessContext {
  /** Event time of the record in milliseconds since 1970, `NaN` for none; of a timer, its time. */
  timestamp(): number
  readonly timerService: TimerService
  /** Emits a record to a side output, with the timestamp that `out.collect` would give it. */
  output<X>(tag: OutputTag<X>, value: X): void
}

/** What a process function on a keyed stream sees beside the record. */
export interface KeyedProcessContext<K> extends ProcessContext {
  /** The key of the record or timer. */
  readonly currentKey: K
}

/** What a process function sees when a timer fires. */
export interface OnTimerContext<K> extends KeyedProcessContext<K> {
  readonly timeDomain: TimeDomain
}

/**
 * The most general function on a stream without keys: any number of records out, side outputs,
 * timestamps. Timers and keyed state need a keyed stream.
 */
export interface ProcessFunction<IN, OUT> extends RichFunction {
  processElement(value: IN, ctx: ProcessContext, out: Collector<OUT>): void
}

/**
 * The most general function on a keyed stream: keyed state, timers, side outputs.
 *
 * What `onTimer` emits carries the time of an event-time timer, and no timestamp for a
 * processing-time timer. An error in `onTimer` fails the task, whatever the record error policy.
 */
export interface KeyedProcessFunction<K, IN, OUT> extends RichFunction {
  processElement(value: IN, ctx: KeyedProcessContext<K>, out: Collector<OUT>): void
  onTimer?(timestampMs: number, ctx: OnTimerContext<K>, out: Collector<OUT>): void
}
