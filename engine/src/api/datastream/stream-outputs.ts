import type { Sink } from '../../operator/sink/sink.ts'
import type { OperatorSettings } from './operator-settings.ts'

/**
 * The end of a stream in a sink. Give a sink that keeps state a `uid`.
 */
export interface DataStreamSink extends OperatorSettings {}

/** Where the records of a stream may go. */
export interface StreamOutputs<T> {
  /**
   * Ends the stream in a sink. What the sink guarantees is said in its own documentation.
   *
   * ```ts
   * const seen: number[] = []
   * env.fromElements(1, 2).sinkTo(collectSink({ add: (n) => void seen.push(n) }))
   * await env.execute()
   * seen // => [1, 2]
   * ```
   */
  sinkTo<C, S>(sink: Sink<T, C, S>): DataStreamSink
  /** Prints each record on standard output; `prefix` goes before it. */
  print(prefix?: string): DataStreamSink
  /** Prints each record on standard error. */
  printToErr(prefix?: string): DataStreamSink
  /**
   * Runs the job and returns the records of this stream, all of which are held in memory. For
   * bounded jobs, examples and tests. With a parallelism above 1 they come in no order.
   *
   * ```ts
   * await env.fromElements('a', 'b').executeAndCollect() // => ['a', 'b']
   * ```
   * @throws JOB_FAILED if the job failed for good; `cause` says why
   */
  executeAndCollect(jobName?: string): Promise<T[]>
}
