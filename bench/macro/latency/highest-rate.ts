/** Where a search begins and ends. */
export interface RateSearch {
  readonly from: number
  readonly atMost: number
  /** The rate that is found is below the true one by at most this part of it. */
  readonly tolerance: number
}

/**
 * The highest rate that is sustained: doubles or halves the first rate until one is sustained and
 * the next is not, and halves what is between them from then on.
 */
export async function highestRate(
  isSustained: (rate: number) => Promise<boolean>,
  { from, atMost, tolerance }: RateSearch,
): Promise<number> {
  let low = from
  while (!(await isSustained(low))) low /= 2
  let high = low < from ? 2 * low : await firstAbove(isSustained, 2 * low, atMost)
  low = Math.max(low, high / 2)
  while (high > low * (1 + tolerance)) {
    const middle = (low + high) / 2
    if (await isSustained(middle)) low = middle
    else high = middle
  }
  return low
}

/** The first of the rates `rate`, twice that, and so on that is not sustained, or is too high. */
async function firstAbove(
  isSustained: (rate: number) => Promise<boolean>,
  rate: number,
  atMost: number,
): Promise<number> {
  let high = rate
  while (high < atMost && (await isSustained(high))) high *= 2
  return high
}
