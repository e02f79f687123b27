import type { Random } from '../../env/random.ts'

/** Turns records into the bytes of a file. */
export interface FileEncoder<T> {
  /** Stands at the start of every file; empty for none. */
  readonly header: string
  /** The bytes of a record, line end included; strings become UTF-8. */
  encode(value: T): string | Uint8Array
}

/**
 * Makes files of a format that cannot be written record by record, such as Parquet. A file of it
 * cannot be cut off at a barrier, so the file sink must close files at checkpoints.
 */
export interface BulkEncoder<T> {
  /** Begins a file. `random` is for markers that must not occur in the data. */
  open(random: Random): BulkFile<T>
}

/** A file of a bulk format while it is written. */
export interface BulkFile<T> {
  /**
   * Takes a record; returns bytes that are ready to be written, if any. A record that it throws on
   * leaves no trace.
   */
  add(value: T): Uint8Array | undefined
  /** The rest of the file. Called once. */
  finish(): Uint8Array
}

/** Options of {@link rawEncoder}. */
export interface RawEncoderOptions {
  /** Stands behind each record, such as a line feed. Default: nothing. */
  readonly delimiter?: Uint8Array
}

/**
 * Bytes as they are. A delimiter inside a record is not escaped.
 *
 * ```ts
 * rawEncoder().encode(Uint8Array.of(1, 2)) // => Uint8Array.of(1, 2)
 *
 * const delimiter = Uint8Array.of(10)
 * rawEncoder({ delimiter }).encode(Uint8Array.of(104, 105)) // => Uint8Array.of(104, 105, 10)
 * ```
 */
export function rawEncoder(options: RawEncoderOptions = {}): FileEncoder<Uint8Array> {
  const { delimiter = new Uint8Array(0) } = options
  if (delimiter.length === 0) return { header: '', encode: (value) => value }
  return {
    header: '',
    encode: (value) => {
      const bytes = new Uint8Array(value.length + delimiter.length)
      bytes.set(value)
      bytes.set(delimiter, value.length)
      return bytes
    },
  }
}

/**
 * One record per line as it is. Line breaks inside a record are not escaped.
 *
 * ```ts
 * textEncoder().encode(42) // => '42\n'
 * ```
 */
export function textEncoder(): FileEncoder<unknown> {
  return { header: '', encode: (value) => `${value}\n` }
}

/**
 * One JSON text per line. A bigint becomes a string, since JSON numbers lose its digits.
 *
 * ```ts
 * jsonLinesEncoder().encode({ id: 7n }) // => '{"id":"7"}\n'
 * ```
 */
export function jsonLinesEncoder(): FileEncoder<unknown> {
  return { header: '', encode: (value) => `${JSON.stringify(value, withBigInts) ?? 'null'}\n` }
}

/** For `JSON.stringify`, which refuses bigints. */
export function withBigInts(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
