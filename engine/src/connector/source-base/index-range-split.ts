/**
 * The indexes `next`, `next + stride`, ... below `end`. With stride 1 a split is a range; with the
 * number of splits as stride, splits that start next to each other cover a range together.
 */
export interface IndexRangeSplit {
  readonly next: number
  readonly end: number
  readonly stride: number
}

/** Cuts the indexes 0 to `count - 1` into at most `splitCount` ranges of about equal length. */
export function contiguousSplits(count: number, splitCount: number): IndexRangeSplit[] {
  const splits: IndexRangeSplit[] = []
  const size = Math.max(1, Math.ceil(count / splitCount))
  for (let next = 0; next < count; next += size) {
    splits.push({ next, end: Math.min(count, next + size), stride: 1 })
  }
  return splits
}

/** Deals the indexes 0 to `count - 1` to `splitCount` splits, each in turn. */
export function interleavedSplits(count: number, splitCount: number): IndexRangeSplit[] {
  const splits: IndexRangeSplit[] = []
  for (let next = 0; next < Math.min(count, splitCount); next++) {
    splits.push({ next, end: count, stride: splitCount })
  }
  return splits
}
