import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { deriveKey, keyOfSeed, Prng } from '../../base/prng.ts'
import { NO_TIMESTAMP } from '../../core/record-batch.ts'
import type { Random } from '../../env/random.ts'
import type { Source } from '../../operator/source/source.ts'
import { IndexRangeReader } from '../source-base/index-range-reader.ts'
import { type IndexRangeSplit, interleavedSplits } from '../source-base/index-range-split.ts'
import { RateGate } from '../source-base/rate-gate.ts'
import {
  SplitQueueEnumerator,
  type SplitQueueState,
} from '../source-base/split-queue-enumerator.ts'

/** The random numbers of one generated record. */
export type DatagenRandom = Pick<Random, 'u32' | 'float' | 'below'>

/** Options of {@link datagenSource}. */
export interface DatagenOptions<T> {
  /**
   * Makes record `index` (0, 1, 2, ...). A pure function: all chance comes from `random`, which
   * follows from the seed and the index alone.
   */
  readonly generate: (index: number, random: DatagenRandom) => T
  /** The event time of a record in milliseconds since 1970. Default: no event time. */
  readonly timestamp?: (value: T, index: number) => number
  /** How many records there are. Default: without end. */
  readonly count?: number
  /** Records per second over all subtasks. Default: as fast as they are taken. */
  readonly ratePerSecond?: number
  /** The same seed gives the same records. Default 0. */
  readonly seed?: number
}

/**
 * A source of generated records, for tests, demos and load. The records depend on seed and index
 * alone: not on time, parallelism or restarts. Each index comes once; the next index is state.
 *
 * The splits are made for the parallelism of the first start; a job that is later scaled up leaves
 * the added readers without work (the rate stays as asked for).
 *
 * ```ts
 * const rolls = datagenSource({ generate: (_index, random) => random.below(6) + 1, count: 100 })
 * const seen = await env.fromSource(rolls).executeAndCollect()
 * seen.length // => 100
 * seen.every((roll) => roll >= 1 && roll <= 6) // => true
 * ```
 * @throws INVALID_ARGUMENT if `count` or `ratePerSecond` is not positive.
 */
export function datagenSource<T>(
  options: DatagenOptions<T>,
): Source<T, IndexRangeSplit, SplitQueueState<IndexRangeSplit>> {
  const { generate, timestamp, count, ratePerSecond } = options
  requireValid(count, ratePerSecond)
  const key = keyOfSeed(options.seed ?? 0)
  return {
    name: 'Data Generator Source',
    boundedness: count === undefined ? 'unbounded' : 'bounded',
    createEnumerator: (context, restored) =>
      new SplitQueueEnumerator(context, restored, () =>
        interleavedSplits(count ?? Number.MAX_SAFE_INTEGER, context.parallelism),
      ),
    createReader: (context) =>
      new IndexRangeReader<T>(
        context,
        (index, output) => {
          const value = generate(index, new Prng(deriveKey(key, String(index))))
          output.collect(value, timestamp === undefined ? NO_TIMESTAMP : timestamp(value, index))
        },
        ratePerSecond === undefined
          ? undefined
          : new RateGate(context.env, ratePerSecond, () => context.wakeUp()),
      ),
  }
}

function requireValid(count: number | undefined, ratePerSecond: number | undefined): void {
  if (count !== undefined && !(Number.isSafeInteger(count) && count >= 0)) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `count is ${count}; it must be an integer of 0 or more, or be left out for no end`,
    )
  }
  if (ratePerSecond !== undefined && !(ratePerSecond > 0)) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `ratePerSecond is ${ratePerSecond}; it must be above 0, or be left out for no limit`,
    )
  }
}
