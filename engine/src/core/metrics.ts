/** A number that only grows. Counted once per batch on hot paths, never per record. */
export interface Counter {
  add(count: number): void
  readonly value: number
}

/** The metrics of one operator of one subtask. Names follow Flink: `numRecordsIn`, ... */
export interface MetricGroup {
  /** The counter of that name, made at its first use. */
  counter(name: string): Counter
  /** Registers a value that is read when somebody looks. A second call replaces the first. */
  gauge(name: string, read: () => number): void
  /** All present values by name. */
  snapshot(): Readonly<Record<string, number>>
}

class SimpleCounter implements Counter {
  value = 0

  add(count: number): void {
    this.value += count
  }
}

/** Makes an empty group. */
export function metricGroup(): MetricGroup {
  const counters = new Map<string, SimpleCounter>()
  const gauges = new Map<string, () => number>()
  return {
    counter(name) {
      let counter = counters.get(name)
      if (counter === undefined) {
        counter = new SimpleCounter()
        counters.set(name, counter)
      }
      return counter
    },
    gauge(name, read) {
      gauges.set(name, read)
    },
    snapshot() {
      const values: Record<string, number> = {}
      for (const [name, counter] of counters) values[name] = counter.value
      for (const [name, read] of gauges) values[name] = read()
      return values
    },
  }
}
