import type { Window } from './window.ts'

/** A record as an evictor sees it. */
export interface TimedValue<T> {
  readonly value: T
  /** Event time of the record; `NaN` if it has none. */
  readonly timestampMs: number
}

/** Elements that stay, in the order they had. */
export type Kept<T> = readonly TimedValue<T>[]

/**
 * Takes records out of a window when it fires, before or after the computation. A window with an
 * evictor keeps all its records in state, whatever is computed: nothing is folded as they come.
 *
 * Both methods get the records in the order of arrival and return those that stay, without changing
 * the list. If none is left before the computation, the window emits nothing.
 */
export interface Evictor<IN, W extends Window> {
  /** Says which records the computation sees; the others are gone. Left out: all. */
  evictBefore?(elements: Kept<IN>, context: EvictorContext<W>): Kept<IN>
  /** Says which of these the window keeps for its next firing. Left out: all. */
  evictAfter?(elements: Kept<IN>, context: EvictorContext<W>): Kept<IN>
}

/** What an {@link Evictor} sees of its window. */
export interface EvictorContext<W extends Window> {
  readonly window: W
  readonly currentWatermarkMs: number
  currentProcessingTimeMs(): number
}

/** When a built-in evictor does its work. */
export interface EvictorOptions {
  /** `before` the computation, which then sees only what stays (default), or `after` it. */
  readonly when?: 'before' | 'after'
}
