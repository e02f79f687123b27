import type { TypeInformation } from '../../types/type-information.ts'
import type { RichFunction } from '../function/functions.ts'
import type { AsyncRetryStrategy } from './async-retry-strategy.ts'

/** What a request gives: one record, or an array of any number of records. */
export type AsyncResult<OUT> = OUT | readonly OUT[]

/**
 * Asks something outside of the job for each record. The task does not wait: up to `capacity`
 * requests are under way at once.
 *
 * A request that was under way at a checkpoint is made again after a restore, so `asyncInvoke` may
 * be called more than once for a record; its result is emitted once.
 */
export interface AsyncFunction<IN, OUT> extends RichFunction {
  /** An array is any number of records. A record that is itself an array goes into an array. */
  asyncInvoke(value: IN): Promise<AsyncResult<OUT>>
  /** What a request gives that took too long. Without it the record counts as one that failed. */
  timeout?(value: IN): AsyncResult<OUT>
}

/** An {@link AsyncFunction} in either form. */
export type AsyncCall<IN, OUT> = AsyncFunction<IN, OUT> | AsyncFunction<IN, OUT>['asyncInvoke']

/** How requests are made. */
export interface AsyncOptions<IN, OUT> {
  /** How long a request may take, all its retries included. Default: for ever. */
  readonly timeoutMs?: number
  /**
   * How many requests may be under way at once, per subtask. Records beyond wait, and hold the
   * input back. In `orderedWait` a request counts until its result may be emitted. Default 100.
   */
  readonly capacity?: number
  /** When a request is made again. Default: never. */
  readonly retry?: AsyncRetryStrategy<OUT>
  /** Type of the records, which are in the state while their request is under way. */
  readonly type?: TypeInformation<IN>
}
