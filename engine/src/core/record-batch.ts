/**
 * `core/` owns the vocabulary of streams: elements, ids, key groups, options, metrics. It knows
 * nothing of types, state or operators.
 */

/** How many records a batch holds at most, unless one record expands into more. */
export const RECORD_BATCH_CAPACITY = 1024

/** An array for fewer records is used again, whatever they are. */
const FRESH_MIN = 64

/** The timestamp of a record that has none. */
export const NO_TIMESTAMP: number = Number.NaN

/**
 * The records that pass from operator to operator at once, laid out as rows.
 *
 * A batch is valid until the `processBatch` call that received it returns; whoever keeps it longer
 * calls {@link RecordBatch.retain}. Its records are immutable. The arrays are public because every
 * hot loop of the engine reads them by index up to `length`; entries beyond `length` are garbage.
 *
 * ```ts
 * const batch = new RecordBatch<string>()
 * batch.add('tea', 5)
 * batch.values.slice(0, batch.length) // => ['tea']
 * batch.timestamps[0] // => 5
 * ```
 */
export class RecordBatch<T = unknown> {
  readonly kind = 'records' as const
  /** The values; read indexes 0 to `length - 1` only. */
  values: T[] = []
  /** Event time of each record in milliseconds since 1970, `NaN` for none. */
  timestamps: Float64Array
  /** How many records the batch holds. */
  length = 0

  constructor(capacity: number = RECORD_BATCH_CAPACITY) {
    this.timestamps = new Float64Array(capacity)
  }

  /** A batch of the given values, all with the same timestamp (none by default). */
  static of<T>(values: readonly T[], timestampMs: number = NO_TIMESTAMP): RecordBatch<T> {
    const batch = new RecordBatch<T>(Math.max(1, values.length))
    for (const value of values) batch.add(value, timestampMs)
    return batch
  }

  /** Appends one record. Grows beyond the first capacity when it must. */
  add(value: T, timestampMs: number): void {
    const index = this.length
    if (index === this.timestamps.length) this.#grow()
    this.values[index] = value
    this.timestamps[index] = timestampMs
    this.length = index + 1
  }

  /**
   * Empties the batch for reuse by its owner.
   *
   * An array that is used again and again gets old, and to store a new object in an old array is
   * dear: the garbage collector has to be told. So objects get a new array each time; numbers and
   * such do not need it.
   */
  clear(): void {
    const { length } = this
    this.length = 0
    if (length >= FRESH_MIN && typeof this.values[0] === 'object') {
      this.values = new Array<T>(Math.min(2 * length, this.timestamps.length))
    }
  }

  /** A copy that stays valid after `processBatch` has returned. Values are shared, not cloned. */
  retain(): RecordBatch<T> {
    const copy = new RecordBatch<T>(Math.max(1, this.length))
    copy.values = this.values.slice(0, this.length)
    copy.timestamps.set(this.timestamps.subarray(0, this.length))
    copy.length = this.length
    return copy
  }

  /**
   * Exchanges the records of two batches, for handing them over without a copy. Arrays change
   * hands, so both batches should have the same capacity.
   */
  swap(other: RecordBatch<T>): void {
    const { values, timestamps, length } = this
    this.values = other.values
    this.timestamps = other.timestamps
    this.length = other.length
    other.values = values
    other.timestamps = timestamps
    other.length = length
  }

  #grow(): void {
    const grown = new Float64Array(this.timestamps.length * 2)
    grown.set(this.timestamps)
    this.timestamps = grown
  }
}
