import { NO_TIMESTAMP } from '../../core/record-batch.ts'
import type { Source } from '../../operator/source/source.ts'
import { IndexRangeReader } from '../source-base/index-range-reader.ts'
import { contiguousSplits, type IndexRangeSplit } from '../source-base/index-range-split.ts'
import {
  SplitQueueEnumerator,
  type SplitQueueState,
} from '../source-base/split-queue-enumerator.ts'

/** Options of {@link collectionSource}. */
export interface CollectionSourceOptions<T> {
  /** The event time of a value in milliseconds since 1970. Default: no event time. */
  readonly timestamp?: (value: T) => number
}

/**
 * A bounded source of the given values, for tests, examples and small tables. With parallelism 1
 * they come in the given order; otherwise each subtask reads stretches of the list.
 *
 * The values belong to the program, not to the snapshot: what is restored is the position, so a
 * changed list gives a changed stream after a restore.
 *
 * ```ts
 * const source = collectionSource(['a', 'b'], { timestamp: (text) => text.length })
 * await env.fromSource(source).executeAndCollect() // => ['a', 'b']
 * ```
 */
export function collectionSource<T>(
  values: readonly T[],
  options: CollectionSourceOptions<T> = {},
): Source<T, IndexRangeSplit, SplitQueueState<IndexRangeSplit>> {
  const timestampOf = options.timestamp
  return {
    name: 'Collection Source',
    boundedness: 'bounded',
    createEnumerator: (context, restored) =>
      new SplitQueueEnumerator(context, restored, () =>
        contiguousSplits(values.length, context.parallelism),
      ),
    createReader: (context) =>
      new IndexRangeReader<T>(context, (index, output) => {
        // Beyond the end only if the list has become shorter since the snapshot.
        if (index >= values.length) return
        const value = values[index] as T
        output.collect(value, timestampOf === undefined ? NO_TIMESTAMP : timestampOf(value))
      }),
  }
}
