import type { OutputTag } from '../../core/output-tag.ts'
import type { KeyedStateStore } from '../../state/keyed-state.ts'
import type { AggregateFunction } from '../../state/state-descriptor.ts'
import type { Collector, ReduceFunction, RichFunction } from '../function/functions.ts'
import type { Window } from './window.ts'

/**
 * Turns the contents of a window into results: all its records, or the one value that an
 * incremental computation made of them. Results carry the last timestamp of the window.
 */
export interface ProcessWindowFunction<IN, OUT, K, W extends Window> extends RichFunction {
  /**
   * The window fires for `key`. It may fire again: for late records, or if its trigger says so.
   * `elements` is in the order of arrival, valid for the call, and not to be changed.
   */
  process(
    key: K,
    context: ProcessWindowContext<W>,
    elements: Iterable<IN>,
    out: Collector<OUT>,
  ): void
  /** The window is given up: clear what was put into `windowState`. Emits nothing. */
  clear?(key: K, context: ProcessWindowContext<W>): void
}

/** A {@link ProcessWindowFunction} without a life cycle. */
export type ProcessWindowCallback<IN, OUT, K, W extends Window> = ProcessWindowFunction<
  IN,
  OUT,
  K,
  W
>['process']

/** What a {@link ProcessWindowFunction} sees of its window. One object serves all calls. */
export interface ProcessWindowContext<W extends Window> {
  readonly window: W
  readonly currentWatermarkMs: number
  currentProcessingTimeMs(): number
  /**
   * State of this key and window. It outlives the window unless `clear` clears it.
   * @throws INVALID_PROGRAM for windows that merge
   */
  readonly windowState: KeyedStateStore
  /** State of this key, shared by all its windows. */
  readonly globalState: KeyedStateStore
  /** Emits to a side output, with the timestamp of results. */
  output<X>(tag: OutputTag<X>, value: X): void
}

/**
 * What a window computes. `reduce` and `aggregate` keep one value per key and window, `process`
 * keeps every record until the window is given up. With `process` beside an incremental computation
 * the function gets that one value.
 */
export type WindowComputation<IN, ACC, OUT, K, W extends Window> =
  | {
      readonly kind: 'reduce'
      readonly reduce: ReduceFunction<IN> | ReduceFunction<IN>['reduce']
      readonly process?: ProcessWindow<IN, OUT, K, W>
    }
  | {
      readonly kind: 'aggregate'
      readonly aggregate: AggregateFunction<IN, ACC, unknown>
      /** Gets the result of the aggregate; without it the result is emitted as it is. */
      readonly process?: ProcessWindow<never, OUT, K, W>
    }
  | { readonly kind: 'process'; readonly process: ProcessWindow<IN, OUT, K, W> }

/** A process window function in either form. */
export type ProcessWindow<IN, OUT, K, W extends Window> =
  | ProcessWindowFunction<IN, OUT, K, W>
  | ProcessWindowCallback<IN, OUT, K, W>

/**
 * Flink's older form of a window function: gets the window itself and no context, so it knows no
 * watermark, no state per window and no side outputs. The results are those of a
 * {@link ProcessWindowFunction} that does the same; new programs should write that one.
 */
export type WindowFunction<IN, OUT, K, W extends Window> =
  | {
      apply(key: K, window: W, elements: Iterable<IN>, out: Collector<OUT>): void
    }
  | ((key: K, window: W, elements: Iterable<IN>, out: Collector<OUT>) => void)
