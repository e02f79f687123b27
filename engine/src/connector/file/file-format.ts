import type { Decompressors } from '../../env/decompressors.ts'
import type { FileHandle } from '../../env/file-system.ts'
import type { BlockGap } from '../source-base/record-block.ts'
import type { ByteStream } from './byte-stream.ts'
import type { FileSplit } from './file-split.ts'

/** How the bytes of a file become records. Made by `textLines`, `csv`, `parquet`, ... */
export interface FileFormat<T> {
  readonly name: string
  /** True if a large file may be cut into byte ranges that are read on their own. */
  readonly splittable: boolean
  /** True if a file may be compressed as a whole (`.gz`, `.zst`, ...). */
  readonly compressible: boolean
  /** Starts to read at the position of the split, or at its start if it has none. */
  open(input: FormatInput): Promise<FormatReader<T>>
}

/** What a format reads from. */
export interface FormatInput {
  /** The split; its position counts from the start of a block, see `FilePosition`. */
  readonly split: FileSplit
  readonly file: FileHandle
  readonly chunkSizeBytes: number
  readonly decompressors: Decompressors | undefined
  /** True if `bytesFrom` decompresses, so that sizes of the split are not those of the bytes. */
  readonly isCompressed: boolean
  /** The bytes of the file from there on, decompressed. */
  bytesFrom(offset: number): ByteStream
}

/** Reads the blocks of a split. */
export interface FormatReader<T> {
  /** The next block, or undefined at the end. */
  next(): Promise<FormatBlock<T> | undefined>
  close(): Promise<void>
}

/** Entries that were read together, and where the first of them stands. */
export interface FormatBlock<T> {
  readonly entries: readonly (T | BlockGap)[]
  readonly hasGaps: boolean
  readonly offset: number
  readonly line: number
}
