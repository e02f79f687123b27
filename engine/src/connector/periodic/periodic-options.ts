import type { Env } from '../../env/env.ts'

/** Looks once and returns all rows there are now. */
export type PollRows<R> = (env: Env) => readonly R[] | Promise<readonly R[]>

/** What {@link periodicSource} may be told; everything has a default. */
export interface PeriodicSourceOptions<R> {
  /**
   * What a row is known by: a row with a known key that differs from the last one counts as
   * changed. By default the whole row, so that only rows count that were not there the time before.
   */
  readonly key?: (row: R) => unknown
  /** The event time of a row in milliseconds since 1970. Default: when it was looked for. */
  readonly timestamp?: (row: R) => number
  /** What happens when looking fails. `retry` looks again at the next interval. Default `fail`. */
  readonly onError?: 'fail' | 'retry'
}
