import type { Source } from '../../operator/source/source.ts'

// Splits stand on both sides of a source's methods, so neither `unknown` nor `never` in their place
// would accept every source.
// biome-ignore lint/suspicious/noExplicitAny: see above
type AnySplits = any

/** A source of any kind of splits. */
export type AnySource<T> = Source<T, AnySplits, AnySplits>

/**
 * A source, or a function that makes it from what the one before handed over: the last state of
 * its enumerator. It is called in the JobManager and in each subtask, and must depend on its
 * argument alone.
 */
export type NextSource<T> = AnySource<T> | ((handover: never) => AnySource<T>)

/** Makes the source of a stage from what was handed over. */
export type StageSource<T> = (stage: number, handover: unknown) => Source<T, unknown, unknown>
