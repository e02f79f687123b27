import type { LatencyMs } from '../../runner/benchmark-result.ts'

/** Buckets per power of two: a value is known to within 1 in 128. */
const BUCKETS_PER_OCTAVE = 128
const OCTAVE_BITS = 7
const OCTAVES = 32 - OCTAVE_BITS

/**
 * Counts latencies in buckets that grow with the value, so that memory does not depend on how many
 * there are, and the error is below 1 % everywhere. Resolution 1 us, up to an hour.
 */
export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS_PER_OCTAVE * (OCTAVES + 1))
  #count = 0
  #maxUs = 0

  add(latencyMs: number): void {
    const us = Math.max(0, Math.min(2 ** 32 - 1, Math.round(latencyMs * 1_000)))
    const bucket = bucketOf(us)
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1
    this.#count++
    if (us > this.#maxUs) this.#maxUs = us
  }

  get count(): number {
    return this.#count
  }

  /** The latency that a share of all does not exceed. @throws RangeError if there is none at all */
  percentile(share: number): number {
    if (this.#count === 0) throw new RangeError('a percentile of no latencies was asked for')
    const rank = Math.max(1, Math.ceil(share * this.#count))
    let seen = 0
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket] as number
      if (seen >= rank) return Math.min(upperUs(bucket), this.#maxUs) / 1_000
    }
    return this.#maxUs / 1_000
  }

  summary(): LatencyMs {
    return {
      p50: this.percentile(0.5),
      p90: this.percentile(0.9),
      p99: this.percentile(0.99),
      p999: this.percentile(0.999),
      p9999: this.percentile(0.9999),
      max: this.#maxUs / 1_000,
      count: this.#count,
    }
  }
}

function bucketOf(us: number): number {
  if (us < BUCKETS_PER_OCTAVE) return us
  const shift = 31 - Math.clz32(us) - OCTAVE_BITS
  return (shift + 1) * BUCKETS_PER_OCTAVE + ((us >>> shift) - BUCKETS_PER_OCTAVE)
}

/** The highest value of a bucket. */
function upperUs(bucket: number): number {
  if (bucket < BUCKETS_PER_OCTAVE) return bucket
  const shift = Math.floor(bucket / BUCKETS_PER_OCTAVE) - 1
  const place = BUCKETS_PER_OCTAVE + (bucket % BUCKETS_PER_OCTAVE)
  return (place + 1) * 2 ** shift - 1
}
