/**
 * Collects a value over all subtasks of a job; the merged result comes back with the job's result.
 * Local values live in the task and start anew with each execution attempt.
 */
export interface Accumulator<V, R> {
  /** Takes a value in. */
  add(value: V): void
  /** This subtask's result so far. */
  readonly localValue: R
  /** A new accumulator that holds what both hold. */
  merge(other: Accumulator<V, R>): Accumulator<V, R>
}

/**
 * Counts: the sum of all numbers added. Registered with `context.addAccumulator` in `open`.
 *
 * ```ts
 * class Counted implements MapFunction<string, string> {
 *   private empty!: CounterAccumulator
 *
 *   open(context: RuntimeContext): void {
 *     this.empty = new CounterAccumulator()
 *     context.addAccumulator('empty lines', this.empty)
 *   }
 *
 *   map(line: string): string {
 *     if (line === '') this.empty.add(1)
 *     return line
 *   }
 * }
 *
 * env.fromElements('a', '', '').map(new Counted()).sinkTo(discardSink())
 * const { accumulators } = await env.execute()
 * accumulators['empty lines'] // => 2
 * ```
 */
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

/**
 * How often each value was added.
 *
 * ```ts
 * const sizes = new HistogramAccumulator()
 * sizes.add(3)
 * sizes.add(3)
 * sizes.localValue.get(3) // => 2
 * ```
 */
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
