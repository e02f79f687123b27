import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { murmurFloat64, murmurString } from '../../base/murmur.ts'
import { type KeyIdentity, keyIdentity } from '../../types/key-identity.ts'
import { types } from '../../types/types.ts'
import type { MergeKeepingAggregate } from './distinct-count.ts'
import { addToSketch, estimateOf, mergeSketches } from './hyper-log-log.ts'

/** Options of {@link approximateDistinctCount}. */
export interface ApproximateDistinctCountOptions {
  /**
   * From 4 to 16. The state takes 2^precision bytes at most, and the standard error is
   * 1.04 / sqrt(2^precision). Default 14: 16 KiB, 0.8 %.
   */
  readonly precision?: number
}

/** Seeds that make two independent hashes of one value. Sketches in snapshots depend on them. */
const INDEX_SEED = 0x5bd1e995
const RANK_SEED = 0x1b873593

/**
 * Counts distinct values approximately, in state of constant size (HyperLogLog). A few thousand
 * values are counted almost exactly, and take only some bytes each. Equal values count once in any
 * order, so windows of any kind can merge what they have counted.
 *
 * ```ts
 * const visits = collectionSource(['ann', 'bob', 'ann'], { timestamp: () => 5 })
 * await env
 *   .fromSource(visits, watermarks.monotonous())
 *   .windowAll(tumblingEventTimeWindows(10))
 *   .aggregate(approximateDistinctCount((visitor) => visitor))
 *   .executeAndCollect() // => [2]
 * ```
 * @param selector the value to count of a record: plain data
 * @throws INVALID_ARGUMENT for a precision that is not from 4 to 16
 */
export function approximateDistinctCount<T>(
  selector: (record: T) => unknown,
  options: ApproximateDistinctCountOptions = {},
): MergeKeepingAggregate<T, Uint8Array, number> {
  const { precision = 14 } = options
  if (!Number.isInteger(precision) || precision < 4 || precision > 16) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `approximateDistinctCount: precision is ${precision}, but must be an integer from 4 to 16`,
    )
  }
  return {
    createAccumulator: () => new Uint8Array(0),
    add(record, sketch) {
      const identity = keyIdentity(selector(record))
      return addToSketch(sketch, precision, hash(identity, INDEX_SEED), hash(identity, RANK_SEED))
    },
    getResult: (sketch) => estimateOf(sketch, precision),
    merge: (left, right) => mergeSketches(left, right, precision),
    keepsMerged: true,
    accumulatorType: types.bytes,
  }
}

function hash(identity: KeyIdentity, seed: number): number {
  if (typeof identity === 'string') return murmurString(identity, seed)
  if (typeof identity === 'number') return murmurFloat64(identity, seed)
  // Another seed, so that true and 'true' are two values.
  return murmurString(String(identity), ~seed)
}
