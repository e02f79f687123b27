import { NO_TIMESTAMP } from '../core/record-batch.ts'
import type { Collector } from './function/functions.ts'
import type { Output } from './output.ts'

/**
 * The collector that user functions get: what they emit carries the timestamp of the record or
 * timer at hand. One object serves all records of an operator; the operator sets the timestamp
 * before each.
 */
export class TimestampedCollector<T> implements Collector<T> {
  readonly #output: Output<T>
  /** Event time of the next records in milliseconds, `NaN` for none. */
  timestampMs: number = NO_TIMESTAMP

  constructor(output: Output<T>) {
    this.#output = output
  }

  collect(value: T): void {
    this.#output.collect(value, this.timestampMs)
  }
}
