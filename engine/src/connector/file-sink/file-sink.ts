import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Sink } from '../../operator/sink/sink.ts'
import type { FileCommittable, FileSinkState } from './file-committable.ts'
import { FileCommitter } from './file-committer.ts'
import type { BulkEncoder, FileEncoder } from './file-encoder.ts'
import { FileSinkWriter, type FileWriterOptions } from './file-sink-writer.ts'

/** When a file is closed and the next is begun. The end of the input always closes it. */
export interface RollingOptions {
  /** When it holds so many bytes; the record that crosses the limit is still in. Default: never. */
  readonly maxSizeBytes?: number
  /** When it is so old, in milliseconds of wall time. Default: never. */
  readonly maxAgeMs?: number
  /**
   * At each barrier, so that output is visible after each checkpoint. Default true. If false, files
   * span checkpoints, and records become visible when size or age closes their file.
   */
  readonly onCheckpoint?: boolean
}

/** Options of {@link fileSink}. */
export interface FileSinkOptions<T> {
  /** The folder of the output; it is made if it is missing. */
  readonly path: string
  /** A function that gives the bytes of a record, line end included, or an encoder. */
  readonly encode: ((value: T) => string | Uint8Array) | FileEncoder<T> | BulkEncoder<T>
  readonly rolling?: RollingOptions
  /** The folder below `path` for a record, such as a date or a key. Default: `path` itself. */
  readonly bucket?: (value: T, timestampMs: number) => string
  /** How visible files begin. Default `part`. */
  readonly prefix?: string
  /** How visible files end, such as `.jsonl`. Default: nothing. */
  readonly suffix?: string
  /** More buckets close the oldest file. Default 256. */
  readonly openFileCountMax?: number
}

/**
 * Writes records to files, exactly once. A file is hidden while it is written (in progress) and
 * until the checkpoint that holds it is complete (pending); then one rename makes it visible
 * (finished). Readers that skip names with a leading `.` never see a record that may be taken back.
 *
 * A restart removes what the attempts before have left behind, and closes files that spanned the
 * checkpoint. Two jobs must not be started from one snapshot with the same `path`: each would take
 * over the files of the other.
 *
 * ```ts
 * const orders = env.fromElements({ id: 1, day: 'mon' }, { id: 2, day: 'tue' })
 * const sink = fileSink<{ id: number; day: string }>({
 *   path: 'orders',
 *   encode: jsonLinesEncoder(),
 *   bucket: (order) => order.day,
 *   suffix: '.jsonl',
 * })
 * orders.sinkTo(sink).uid('orders')
 * await env.execute()
 *
 * const format = jsonLines<{ id: number }>()
 * const written = env.fromSource(fileSource({ path: 'orders', format }))
 * await written.map(({ id }) => id).executeAndCollect() // => [1, 2]
 * ```
 * @throws INVALID_ARGUMENT if path, prefix, suffix or a limit is not acceptable.
 * @see FLIP-143, "Unified Sink API"
 */
export function fileSink<T>(options: FileSinkOptions<T>): Sink<T, FileCommittable, FileSinkState> {
  const writerOptions = resolved(options)
  return {
    name: 'File Sink',
    createWriter: (context, restored) => new FileSinkWriter(context, writerOptions, restored),
    createCommitter: (context) => new FileCommitter(context.env),
  }
}

function resolved<T>(options: FileSinkOptions<T>): FileWriterOptions<T> {
  const { path, encode, rolling = {}, bucket, prefix = 'part', suffix = '' } = options
  const { maxSizeBytes, maxAgeMs, onCheckpoint = true } = rolling
  if (!onCheckpoint && typeof encode === 'object' && 'open' in encode) {
    throw invalid(
      'files of a bulk format cannot span checkpoints; leave out `rolling.onCheckpoint: false`',
    )
  }
  if (path === '') throw invalid('path is empty; name a folder')
  if (/^[._]|[/\\\0]|^$/.test(prefix)) {
    throw invalid(`prefix ${JSON.stringify(prefix)} is no start of a visible file name`)
  }
  if (/[/\\\0]/.test(suffix)) throw invalid(`suffix ${JSON.stringify(suffix)} holds a separator`)
  const openFileCountMax = options.openFileCountMax ?? 256
  for (const [name, value] of Object.entries({ maxSizeBytes, maxAgeMs, openFileCountMax })) {
    if (value !== undefined && !(value > 0))
      throw invalid(`${name} is ${value}; it must be above 0`)
  }
  return {
    root: path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path,
    encoder: typeof encode === 'function' ? { header: '', encode } : encode,
    bucket,
    sizeBytesMax: maxSizeBytes ?? Number.POSITIVE_INFINITY,
    ageMsMax: maxAgeMs ?? Number.POSITIVE_INFINITY,
    rollsOnCheckpoint: onCheckpoint,
    openFileCountMax,
    prefix,
    suffix,
  }
}

function invalid(message: string): EngineError {
  return new EngineError(ErrorCode.INVALID_ARGUMENT, `file sink: ${message}`)
}
