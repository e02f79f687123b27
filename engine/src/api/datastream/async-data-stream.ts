import type { AsyncCall, AsyncOptions } from '../../operator/async/async-function.ts'
import { asyncWaitOperator } from '../../operator/async/async-wait.ts'
import type { DataStream } from './streams.ts'

/** The shape of {@link asyncDataStream}. */
export interface AsyncDataStream {
  /**
   * Asks for each record and emits the results in the order of the records. A slow answer holds the
   * ones behind it back.
   */
  orderedWait<IN, OUT>(
    stream: DataStream<IN>,
    fn: AsyncCall<IN, OUT>,
    options?: AsyncOptions<IN, OUT>,
  ): DataStream<OUT>
  /**
   * Asks for each record and emits the results as they come. Only watermarks are not passed: a
   * record that was before a watermark stays before it.
   */
  unorderedWait<IN, OUT>(
    stream: DataStream<IN>,
    fn: AsyncCall<IN, OUT>,
    options?: AsyncOptions<IN, OUT>,
  ): DataStream<OUT>
}

/**
 * Async I/O: enriches records by requests to something outside of the job, many at a time.
 *
 * ```ts
 * const upper = async (word: string) => word.toUpperCase()
 * const words = env.fromElements('a', 'b')
 * await asyncDataStream.orderedWait(words, upper).executeAndCollect() // => ['A', 'B']
 * ```
 * A request that fails for good, or takes too long, is handled by the record error policy.
 *
 * @throws INVALID_ARGUMENT for options that are no whole numbers above 0
 */
export const asyncDataStream: AsyncDataStream = Object.freeze({
  orderedWait: <IN, OUT>(
    stream: DataStream<IN>,
    fn: AsyncCall<IN, OUT>,
    options: AsyncOptions<IN, OUT> = {},
  ) => stream.transform<OUT>('Async Wait', asyncWaitOperator('ordered', fn, options)),
  unorderedWait: <IN, OUT>(
    stream: DataStream<IN>,
    fn: AsyncCall<IN, OUT>,
    options: AsyncOptions<IN, OUT> = {},
  ) => stream.transform<OUT>('Async Wait', asyncWaitOperator('unordered', fn, options)),
})
