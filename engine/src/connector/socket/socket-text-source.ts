import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Source } from '../../operator/source/source.ts'
import type { DeserializationSchema } from '../deserialization/deserialization-schema.ts'
import {
  SplitQueueEnumerator,
  type SplitQueueState,
} from '../source-base/split-queue-enumerator.ts'
import { SocketReader, type SocketSplit } from './socket-reader.ts'

/** Options of {@link socketTextSource}. */
export interface SocketTextSourceOptions {
  readonly host: string
  readonly port: number
  /** What stands between two records. Default `\n`; a `\r` before it is dropped then. */
  readonly delimiter?: string
  /**
   * How often a connection that cannot be made or breaks is tried again. Default 0; -1 for ever.
   */
  readonly maxRetries?: number
  /** The wait before each retry, in milliseconds. Default 500. */
  readonly retryDelayMs?: number
  /** A longer record fails the task. Default 1 MiB. */
  readonly recordSizeBytesMax?: number
}

/**
 * A source of the text lines that a server sends, for learning and demos (`nc -lk 9999`). One
 * subtask reads; the input ends when the server closes the connection.
 *
 * At most once: a socket cannot be read again, so a restart loses what was received and not yet
 * covered by a checkpoint, and what the server sends in the meantime.
 *
 * ```ts
 * const lines = env.fromSource(socketTextSource({ host: 'localhost', port: 9_999, maxRetries: 3 }))
 * lines.map((line) => line.toUpperCase()).print()
 * env.explain().includes('Socket Source') // => true
 * ```
 * @throws INVALID_ARGUMENT if the delimiter is empty.
 */
export function socketTextSource(
  options: SocketTextSourceOptions,
): Source<string, SocketSplit, SplitQueueState<SocketSplit>> {
  return socketSource({ ...options, schema: (line) => line })
}

/** Options of {@link socketSource}. */
export interface SocketSourceOptions<T> extends SocketTextSourceOptions {
  /** Turns what stands between two delimiters into a record, into none, or into several. */
  readonly schema: DeserializationSchema<T>
}

/**
 * As {@link socketTextSource}, with a schema that turns each text into records. What the schema
 * throws on goes to the job's record error policy.
 *
 * ```ts
 * const schema = (line: string): number => Number.parseInt(line, 10)
 * const numbers = env.fromSource(socketSource({ host: 'localhost', port: 9_999, schema }))
 * numbers.map((n) => n * 2).print()
 * env.explain().includes('Socket Source') // => true
 * ```
 * @throws INVALID_ARGUMENT if the delimiter is empty.
 */
export function socketSource<T>(
  options: SocketSourceOptions<T>,
): Source<T, SocketSplit, SplitQueueState<SocketSplit>> {
  const { host, port, delimiter = '\n', maxRetries = 0 } = options
  if (delimiter === '') {
    throw new EngineError(ErrorCode.INVALID_ARGUMENT, 'the delimiter of a socket source is empty')
  }
  const readerOptions = {
    schema: options.schema,
    delimiter,
    maxRetries: maxRetries < 0 ? Number.POSITIVE_INFINITY : maxRetries,
    retryDelayMs: options.retryDelayMs ?? 500,
    recordSizeBytesMax: options.recordSizeBytesMax ?? 1024 * 1024,
  }
  return {
    name: 'Socket Source',
    boundedness: 'unbounded',
    parallelismLimit: { limit: 1, reason: 'it has one connection' },
    createEnumerator: (context, restored) =>
      new SplitQueueEnumerator(context, restored, () => [{ host, port }]),
    createReader: (context) => new SocketReader(context, readerOptions),
  }
}
