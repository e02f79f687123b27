import { compareBytes } from '../../types/compare-bytes.ts'
import { encodeKey } from '../../types/key-encoding.ts'
import { type KeyIdentity, keyIdentity } from '../../types/key-identity.ts'

/** The records of one key, as a part of the order. */
export interface KeyRun {
  /** Position in the order of its first record. */
  readonly start: number
  /** Position behind its last record. */
  readonly end: number
}

/**
 * Records put in the order of key bytes, then timestamp, then arrival; those without timestamp
 * come first among the records of their key.
 *
 * Records are parted by key as they come, by a look-up each, and each key is sorted by itself: the
 * bytes of a key are compared with those of other keys, not record by record, and a key whose
 * records come in order of time is not sorted at all.
 */
export class KeyOrderedRecords {
  readonly values: unknown[] = []
  readonly timestamps: number[] = []
  /** Records by their number, in order of key and time. Valid after {@link sort}. */
  order: Uint32Array = new Uint32Array(0)
  readonly #runOf: number[] = []
  readonly #runs = new Map<KeyIdentity, number>()
  readonly #keys: unknown[] = []
  readonly #counts: number[] = []
  /** The latest timestamp of each run, `NaN` once it came out of order. */
  readonly #latestMs: number[] = []

  /**
   * Adds a record. A key that is undefined stands for a record that has none: those are a run of
   * their own, the first, in order of arrival.
   */
  add(key: unknown, value: unknown, timestampMs: number): void {
    const identity = keyIdentity(key)
    let run = this.#runs.get(identity)
    if (run === undefined) {
      run = this.#keys.length
      this.#runs.set(identity, run)
      this.#keys.push(key)
      this.#counts.push(0)
      this.#latestMs.push(Number.NEGATIVE_INFINITY)
    }
    this.#counts[run] = (this.#counts[run] as number) + 1
    if (key !== undefined) {
      const atMs = orderedTime(timestampMs)
      this.#latestMs[run] = atMs >= (this.#latestMs[run] as number) ? atMs : Number.NaN
    }
    this.#runOf.push(run)
    this.values.push(value)
    this.timestamps.push(timestampMs)
  }

  /** Puts the records in order. @returns the runs of all keys, in order */
  sort(): readonly KeyRun[] {
    const encoded = this.#keys.map((key) => encodeKey(key))
    const sorted = encoded
      .map((_, run) => run)
      .sort((left, right) =>
        compareBytes(encoded[left] as Uint8Array, encoded[right] as Uint8Array),
      )
    const next = new Uint32Array(sorted.length)
    const runs: KeyRun[] = []
    let start = 0
    for (const run of sorted) {
      const end = start + (this.#counts[run] as number)
      runs.push({ start, end })
      next[run] = start
      start = end
    }
    const order = new Uint32Array(this.values.length)
    for (let record = 0; record < order.length; record++) {
      const run = this.#runOf[record] as number
      const position = next[run] as number
      order[position] = record
      next[run] = position + 1
    }
    const { timestamps } = this
    const byTime = (left: number, right: number): number => {
      const leftMs = orderedTime(timestamps[left] as number)
      const rightMs = orderedTime(timestamps[right] as number)
      return leftMs < rightMs ? -1 : leftMs > rightMs ? 1 : left - right
    }
    sorted.forEach((run, index) => {
      if (!Number.isNaN(this.#latestMs[run])) return
      const { start: from, end } = runs[index] as KeyRun
      order.subarray(from, end).sort(byTime)
    })
    this.order = order
    return runs
  }
}

function orderedTime(timestampMs: number): number {
  return Number.isNaN(timestampMs) ? Number.NEGATIVE_INFINITY : timestampMs
}
