import { LatencyHistogram } from './latency-histogram.ts'

/** What the second and the last quarter of a run may differ by: less than a pause or two. */
const GROWTH_MS = 25

/**
 * Tells whether a job keeps up with the rate of its input: the latency of the middle record of the
 * last quarter of a run against that of the second. The first quarter is for starting up.
 */
export class LagGrowth {
  readonly #quarters = Array.from({ length: 4 }, () => new LatencyHistogram())
  readonly #records: number
  #seen = 0

  /** @param records of the whole run */
  constructor(records: number) {
    this.#records = records
  }

  add(latencyMs: number): void {
    const quarter = Math.floor((4 * this.#seen++) / this.#records)
    this.#quarters[quarter]?.add(latencyMs)
  }

  /** How much latency has grown over half of the run. */
  get growthMs(): number {
    const [, second, , last] = this.#quarters as [
      unknown,
      LatencyHistogram,
      unknown,
      LatencyHistogram,
    ]
    return last.percentile(0.5) - second.percentile(0.5)
  }

  get isSteady(): boolean {
    return this.growthMs <= GROWTH_MS
  }
}
