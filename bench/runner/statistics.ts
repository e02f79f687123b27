/**
 * The middle value; of an even number of values the mean of the two in the middle.
 *
 * @throws RangeError if there is no value
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the median of no values was asked for')
  const sorted = [...values].sort((left, right) => left - right)
  const upper = sorted[sorted.length >> 1] as number
  if (sorted.length % 2 === 1) return upper
  return ((sorted[(sorted.length >> 1) - 1] as number) + upper) / 2
}

/** Median absolute deviation from the median: a spread that one outlier does not change. */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const middle = median(values)
  return median(values.map((value) => Math.abs(value - middle)))
}
