/** Where reading goes on inside a file. */
export interface FilePosition {
  /** Start of the block that is read next: a byte (decompressed), or a row for Parquet. */
  readonly offset: number
  /** The number of the line at `offset`, counted from 1; 0 if it is not known. */
  readonly line: number
  /** How many entries from `offset` on were emitted already. */
  readonly skip: number
}

/**
 * A file, or the part of a file whose records start at bytes `startBytes` to `endBytes - 1`, with
 * the position reached. Size and time tell after a restore whether the file is still the same.
 */
export interface FileSplit {
  readonly path: string
  readonly startBytes: number
  readonly endBytes: number
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** Null before the first record was read. */
  readonly position: FilePosition | null
}
