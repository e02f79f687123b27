import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { NO_TIMESTAMP } from '../../core/record-batch.ts'
import type { Source } from '../../operator/source/source.ts'
import {
  SplitQueueEnumerator,
  type SplitQueueState,
} from '../source-base/split-queue-enumerator.ts'
import type { PollSplit, SourceShare } from './poll-split.ts'
import { PollingReader } from './polling-reader.ts'

/** Options of {@link sourceFunction}. */
export interface SourceFunctionOptions<T, Position> {
  /** What the source is called in plans. Default `Source Function`. */
  readonly name?: string
  /** The position to begin at. Plain data. */
  readonly start: Position
  /**
   * The next records behind `position`, in order: none if there are none yet, undefined if none
   * will ever come. A rejection fails the task, unless the error is retryable: then the call is
   * made again after a pause. One call at a time for each share.
   */
  readonly poll: (position: Position, share: SourceShare) => Promise<readonly T[] | undefined>
  /** The position right behind a record; the next poll after a restore begins there. */
  readonly positionAfter: (record: T, position: Position) => Position
  /**
   * True if several subtasks read, each its share: `poll` must return the records of that share
   * only, such as the rows with `id % count = index`. Default false: one subtask reads all. The
   * number of shares is the parallelism of the first start, for the life of the state.
   */
  readonly parallel?: boolean
  /** The pause after a poll without records, in milliseconds. Default 1000. */
  readonly pollEveryMs?: number
  /** True if `poll` will return undefined some day. Default false. */
  readonly bounded?: boolean
  /** The event time of a record in milliseconds since 1970. Default: no event time. */
  readonly timestamp?: (record: T) => number
}

/**
 * A source of one function that is called again and again: the short way to read a table by its
 * growing id, a queue or a web service, where splits and an enumerator would be too much.
 * Exactly-once, since the position is state, if `poll` returns the same records for the same
 * position.
 *
 * ```ts
 * const table = [{ id: 1 }, { id: 2 }, { id: 3 }]
 * const rows = sourceFunction<{ id: number }, number>({
 *   start: 0,
 *   poll: async (after) => {
 *     const found = table.filter(({ id }) => id > after).slice(0, 2)
 *     return found.length > 0 ? found : undefined
 *   },
 *   positionAfter: ({ id }) => id,
 *   bounded: true,
 * })
 * await env.fromSource(rows).map(({ id }) => id).executeAndCollect() // => [1, 2, 3]
 * ```
 * @throws INVALID_ARGUMENT if `pollEveryMs` is not above 0
 */
export function sourceFunction<T, Position>(
  options: SourceFunctionOptions<T, Position>,
): Source<T, PollSplit<Position>, SplitQueueState<PollSplit<Position>>> {
  const { start, poll, positionAfter, pollEveryMs = 1_000 } = options
  if (!(pollEveryMs > 0)) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `pollEveryMs is ${pollEveryMs}; it must be above 0`,
    )
  }
  const timestampOf = options.timestamp ?? noTimestamp
  return {
    name: options.name ?? 'Source Function',
    boundedness: options.bounded === true ? 'bounded' : 'unbounded',
    ...(options.parallel !== true && { parallelismLimit: ONE_POLLER }),
    createEnumerator: (context, restored) =>
      new SplitQueueEnumerator(context, restored, () => {
        const count = options.parallel === true ? context.parallelism : 1
        return Array.from({ length: count }, (_value, index) => ({ index, count, position: start }))
      }),
    createReader: (context) =>
      new PollingReader(context, { poll, positionAfter, pollEveryMs, timestampOf }),
  }
}

const ONE_POLLER = {
  limit: 1,
  reason: 'one subtask calls its poll function, unless parallel is true',
}

function noTimestamp(): number {
  return NO_TIMESTAMP
}
