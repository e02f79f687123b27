import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { NO_TIMESTAMP } from '../../core/record-batch.ts'
import type { Source } from '../../operator/source/source.ts'
import { IndexRangeReader } from '../source-base/index-range-reader.ts'
import { contiguousSplits, type IndexRangeSplit } from '../source-base/index-range-split.ts'
import {
  SplitQueueEnumerator,
  type SplitQueueState,
} from '../source-base/split-queue-enumerator.ts'

/**
 * A bounded source of the integers `from` to `to`, both included; empty if `to` is below `from`.
 * Each number comes once at any parallelism; in order at parallelism 1.
 *
 * ```ts
 * await env.fromSource(sequenceSource(3, 6)).executeAndCollect() // => [3, 4, 5, 6]
 * ```
 * @throws INVALID_ARGUMENT if one of them is not a safe integer.
 */
export function sequenceSource(
  from: number,
  to: number,
): Source<number, IndexRangeSplit, SplitQueueState<IndexRangeSplit>> {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `a sequence runs between safe integers, not from ${from} to ${to}`,
    )
  }
  const count = Math.max(0, to - from + 1)
  return {
    name: 'Sequence Source',
    boundedness: 'bounded',
    createEnumerator: (context, restored) =>
      new SplitQueueEnumerator(context, restored, () =>
        contiguousSplits(count, context.parallelism),
      ),
    createReader: (context) =>
      new IndexRangeReader<number>(context, (index, output) =>
        output.collect(from + index, NO_TIMESTAMP),
      ),
  }
}
