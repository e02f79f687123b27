import type { Collector, RichFunction } from '../function/functions.ts'
import type { KeyedProcessContext, OnTimerContext, ProcessContext } from './process-function.ts'

/** The most general function on two connected streams without keys. */
export interface CoProcessFunction<IN1, IN2, OUT> extends RichFunction {
  /** Called for each record of the first stream. */
  readonly processElement1: (value: IN1, ctx: ProcessContext, out: Collector<OUT>) => void
  /** Called for each record of the second stream. */
  readonly processElement2: (value: IN2, ctx: ProcessContext, out: Collector<OUT>) => void
}

/**
 * The most general function on two connected keyed streams: records of a key from both sides see
 * the same state and the same timers. See `KeyedProcessFunction` for `onTimer`.
 */
export interface KeyedCoProcessFunction<K, IN1, IN2, OUT> extends RichFunction {
  /** Called for each record of the first stream, with the state of its key. */
  readonly processElement1: (value: IN1, ctx: KeyedProcessContext<K>, out: Collector<OUT>) => void
  /** Called for each record of the second stream, with the state of its key. */
  readonly processElement2: (value: IN2, ctx: KeyedProcessContext<K>, out: Collector<OUT>) => void
  /** Called when a timer is due that either side has registered. */
  readonly onTimer?: (timestampMs: number, ctx: OnTimerContext<K>, out: Collector<OUT>) => void
}
