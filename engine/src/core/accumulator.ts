/**
 * Collects a value over all subtasks of a job; the merged result comes back with the job's result.
 * Local values live in the task and start anew with each execution attempt.
 */
export interface Accumulator<V, R> {
  add(value: V): void
  /** This subtask's result so far. */
  readonly localValue: R
  /** A new accumulator that holds what both hold. */
  merge(other: Accumulator<V, R>): Accumulator<V, R>
}

/** Counts: the sum of all numbers added. */
export class CounterAccumulator implements Accumulator<number, number> {
  #sum = 0

  add(value: number): void {
    this.#sum += value
  }

  get localValue(): number {
    return this.#sum
  }

  merge(other: Accumulator<number, number>): CounterAccumulator {
    const merged = new CounterAccumulator()
    merged.add(this.#sum + other.localValue)
    return merged
  }
}

/** How often each value was added. */
export class HistogramAccumulator implements Accumulator<number, ReadonlyMap<number, number>> {
  readonly #counts = new Map<number, number>()

  add(value: number): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1)
  }

  get localValue(): ReadonlyMap<number, number> {
    return this.#counts
  }

  merge(other: Accumulator<number, ReadonlyMap<number, number>>): HistogramAccumulator {
    const merged = new HistogramAccumulator()
    for (const counts of [this.localValue, other.localValue]) {
      for (const [value, count] of counts) {
        merged.#counts.set(value, (merged.#counts.get(value) ?? 0) + count)
      }
    }
    return merged
  }
}
