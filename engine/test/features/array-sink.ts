import type { Sink, SinkWriter } from '../../src/operator/sink/sink.ts'

/**
 * Puts each record into an array as soon as it is written, before any checkpoint: what a test looks
 * at while a job runs. It sees a record again when the job replays it.
 */
export class ArraySink<T> implements Sink<T> {
  readonly name = 'Array Sink'
  readonly records: T[] = []
  /** With the event time of each record. */
  readonly timed: { readonly value: T; readonly timestampMs: number }[] = []

  createWriter(): SinkWriter<T, never, never> {
    return {
      write: (value, timestampMs) => {
        this.records.push(value)
        this.timed.push({ value, timestampMs })
      },
      prepareCommit: () => [],
      snapshotState: () => [],
      endInput: () => {},
      close: () => {},
    }
  }
}
