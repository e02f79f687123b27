import type { WindowChange } from './window-change.ts'

/**
 * What a window emits when it fires again, for a late record or early results: all its records so
 * far (`accumulating`), only those since it fired last (`discarding`), or all of them with the old
 * results taken back first (`retracting`).
 */
export type WindowEmission = 'accumulating' | 'discarding' | 'retracting'

/** The records that a window with results of type `R` emits. */
export type Emitted<R, E extends WindowEmission> = E extends 'retracting' ? WindowChange<R> : R
