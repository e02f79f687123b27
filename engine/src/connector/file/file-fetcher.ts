import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { CompressionCodec, Decompressors } from '../../env/decompressors.ts'
import type { FileHandle, FileSystem } from '../../env/file-system.ts'
import type { RecordBlock, SplitFetcher } from '../source-base/record-block.ts'
import { decompressedBytes, plainBytes } from './byte-stream.ts'
import type { FileFormat, FormatBlock, FormatReader } from './file-format.ts'
import type { FileSplit } from './file-split.ts'

/** What a {@link FileFetcher} needs beside the split. */
export interface FileFetcherOptions<T> {
  readonly fileSystem: FileSystem
  readonly format: FileFormat<T>
  readonly chunkSizeBytes: number
  readonly decompressors: Decompressors | undefined
}

/** The codec of a file by the end of its name, or undefined if it is not compressed. */
export function codecOf(path: string): CompressionCodec | undefined {
  return codecs[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]
}

const codecs: Readonly<Record<string, CompressionCodec>> = {
  gz: 'gzip',
  gzip: 'gzip',
  zst: 'zstd',
  zstd: 'zstd',
  br: 'brotli',
  deflate: 'deflate',
  zz: 'deflate',
}

/** Fetches the blocks of one file split. */
export class FileFetcher<T> implements SplitFetcher<T, FileSplit> {
  readonly #options: FileFetcherOptions<T>
  #split: FileSplit
  #toSkip: number
  #file: FileHandle | undefined
  #reader: FormatReader<T> | undefined

  constructor(split: FileSplit, options: FileFetcherOptions<T>) {
    this.#options = options
    this.#split = split
    this.#toSkip = split.position?.skip ?? 0
  }

  async fetch(): Promise<RecordBlock<T, FileSplit> | undefined> {
    if (this.#reader === undefined) this.#reader = await this.#open()
    const block = await this.#reader.next()
    return block === undefined ? undefined : this.#withoutSkipped(block)
  }

  async close(): Promise<void> {
    await this.#reader?.close()
    await this.#file?.close()
  }

  async #open(): Promise<FormatReader<T>> {
    const { fileSystem, format, chunkSizeBytes, decompressors } = this.#options
    this.#split = await present(fileSystem, this.#split)
    const split = this.#split
    const codec = format.compressible ? codecOf(split.path) : undefined
    if (codec !== undefined && decompressors === undefined) {
      throw new EngineError(
        ErrorCode.UNSUPPORTED,
        `${split.path} is compressed with ${codec}; pass \`decompressors\` to the file source`,
      )
    }
    const file = await fileSystem.openRead(split.path)
    this.#file = file
    return format.open({
      split,
      file,
      chunkSizeBytes,
      decompressors,
      isCompressed: codec !== undefined,
      bytesFrom: (offset) =>
        codec === undefined || decompressors === undefined
          ? plainBytes(file, offset, chunkSizeBytes)
          : decompressedBytes(file, offset, chunkSizeBytes, decompressors.stream(codec)),
    })
  }

  /** The block without the entries that were emitted before the restore. */
  #withoutSkipped(block: FormatBlock<T>): RecordBlock<T, FileSplit> {
    const split = this.#split
    const { offset, line } = block
    // Blocks that are read again may be shorter, so there may be more to skip than this one holds;
    // a position inside it must count that too.
    const before = this.#toSkip
    this.#toSkip = Math.max(0, before - block.entries.length)
    return {
      entries: before === 0 ? block.entries : block.entries.slice(before),
      hasGaps: block.hasGaps,
      splitAfter: (count) => ({
        ...split,
        position: { offset, line, skip: before + count },
      }),
    }
  }
}

/**
 * The split, with its file as it is now. A file that nobody has begun to read may have changed
 * since it was listed; any other must be the same, or its records would be lost or doubled.
 *
 * @throws FILE_NOT_FOUND, INPUT_CHANGED
 */
async function present(fileSystem: FileSystem, split: FileSplit): Promise<FileSplit> {
  const { path, sizeBytes, modifiedMs } = split
  const status = await fileSystem.stat(path)
  if (status === undefined || status.kind !== 'file') {
    throw new EngineError(
      ErrorCode.FILE_NOT_FOUND,
      `${path} was there when the files were listed and is gone; put it back, or start the job ` +
        'without the checkpoint',
    )
  }
  if (status.sizeBytes === sizeBytes && status.modifiedMs === modifiedMs) return split
  const isWhole = split.startBytes === 0 && split.endBytes === sizeBytes
  if (isWhole && split.position === null) {
    const now = { sizeBytes: status.sizeBytes, modifiedMs: status.modifiedMs }
    return { ...split, ...now, endBytes: status.sizeBytes }
  }
  throw new EngineError(
    ErrorCode.INPUT_CHANGED,
    `${path} has changed while it was being read: it had ${sizeBytes} bytes (changed at ` +
      `${modifiedMs} ms) and has ${status.sizeBytes} (${status.modifiedMs} ms); the position in it ` +
      'means nothing any more. Restore the file, or start the job without the checkpoint; let ' +
      'writers move files into the folder when they are finished',
  )
}
