import { mix } from '../digest/mix.ts'
import { median, medianAbsoluteDeviation } from './statistics.ts'

/** A change for the worse of up to this much is never called a regression. */
const TOLERANCE = 0.1

/** Nor is one within so many deviations of the pairs. */
const DEVIATIONS = 3

const RESAMPLES = 2_000

/** What pairs of samples, of the same case before and after a change, say together. */
export interface PairVerdict {
  /** The median of after over before, such that above 1 is worse. */
  readonly ratio: number
  readonly mad: number
  /** In which the ratio lies with a probability of 95 %. */
  readonly interval: readonly [number, number]
  readonly isRegression: boolean
}

/**
 * Judges pairs of samples.
 *
 * @param worse after over before of each pair, such that above 1 is worse
 * @throws RangeError if there is no pair
 */
export function judgePairs(worse: readonly number[]): PairVerdict {
  const ratio = median(worse)
  const mad = medianAbsoluteDeviation(worse)
  const isRegression = ratio - 1 > Math.max(TOLERANCE, DEVIATIONS * mad)
  return { ratio, mad, interval: bootstrapInterval(worse), isRegression }
}

/** In which the median lies with a probability of 95 %, by resampling with a fixed seed. */
function bootstrapInterval(values: readonly number[]): readonly [number, number] {
  let draw = 0
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(values.map(() => values[mix(draw++) % values.length] as number)),
  ).sort((left, right) => left - right)
  const at = (share: number): number => medians[Math.floor(share * (RESAMPLES - 1))] as number
  return [at(0.025), at(0.975)]
}
