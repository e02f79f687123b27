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
   * Writes each record as a line of text (`String(record)`) to files in the folder `path`, exactly
   * once: it is the file sink with a fixed encoder, so files appear with checkpoints, and nothing
   * overwrites what a job before has written. In Flink the method of this name takes no part in
   * checkpoints and may overwrite; it is deprecated there in favour of the file sink.
   *
   * ```ts
   * env.fromElements('a', 'b').writeAsText('words').uid('words')
   * await env.execute()
   *
   * await env.readTextFile('words').executeAndCollect() // => ['a', 'b']
   * ```
   * @throws INVALID_ARGUMENT if the path is empty
   */
  writeAsText(path: string): DataStreamSink
  /**
   * Writes the given fields of each record as CSV after RFC 4180, without header, to files in the
   * folder `path`; see {@link writeAsText}. For a header, another delimiter or a literal for null
   * use the file sink with `csvEncoder`.
   *
   * ```ts
   * env.fromElements({ id: 1, name: 'a,b' }).writeAsCsv('rows', ['name', 'id']).uid('rows')
   * await env.execute()
   *
   * await env.readTextFile('rows').executeAndCollect() // => ['"a,b",1']
   * ```
   * @throws INVALID_ARGUMENT if the path is empty or there are no columns
   */
  writeAsCsv(path: string, columns: readonly (keyof T & string)[]): DataStreamSink
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
