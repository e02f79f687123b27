const STEPS = 4_096

/** Prices at the ends of the steps, so that no power is computed for each bid. */
const STEP_PRICES: Float64Array = Float64Array.from(
  { length: STEPS + 1 },
  (_, step) => 100 * 10 ** ((6 * step) / STEPS),
)

/** A price from 100 to 100,000,000: all orders of magnitude are equally likely. */
export function priceOf(word: number): number {
  const step = word >>> 20
  const low = STEP_PRICES[step] as number
  const high = STEP_PRICES[step + 1] as number
  return (low + (high - low) * ((word & 0xfffff) / 2 ** 20) + 0.5) | 0
}
