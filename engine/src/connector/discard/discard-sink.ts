import type { Sink } from '../../operator/sink/sink.ts'

/**
 * Drops every record, for benchmarks. The metric `numRecordsDiscarded` counts them.
 *
 * ```ts
 * env.fromSequence(1, 1_000).sinkTo(discardSink())
 * const { restarts } = await env.execute()
 * restarts // => 0
 * ```
 */
export function discardSink<T>(): Sink<T> {
  return {
    name: 'Discard Sink',
    createWriter: ({ metrics }) => {
      let count = 0
      metrics.gauge('numRecordsDiscarded', () => count)
      return {
        write: () => {
          count++
        },
        prepareCommit: () => [],
        snapshotState: () => [],
        endInput: () => {},
        close: () => {},
      }
    },
  }
}
