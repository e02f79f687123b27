import type { Sink } from '@millrace/engine'

/** Hands every record to a function and drops it: the sink of measured jobs. */
export function digestSink<T>(add: (record: T) => void): Sink<T> {
  return {
    name: 'Digest Sink',
    createWriter: () => ({
      write: add,
      prepareCommit: () => [],
      snapshotState: () => [],
      endInput: () => {},
      close: () => {},
    }),
  }
}
