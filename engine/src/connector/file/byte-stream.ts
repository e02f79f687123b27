import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Decompression } from '../../env/decompressors.ts'
import type { FileHandle } from '../../env/file-system.ts'

/** The bytes of a file in order, piece by piece. */
export interface ByteStream {
  /** The next piece, never empty, or undefined at the end. */
  next(): Promise<Uint8Array | undefined>
  close(): void
}

/** Reads a file from `offset` on. */
export function plainBytes(file: FileHandle, offset: number, chunkSizeBytes: number): ByteStream {
  let position = offset
  return {
    next: async () => {
      const bytes = await file.read(position, chunkSizeBytes)
      position += bytes.length
      return bytes.length === 0 ? undefined : bytes
    },
    close: () => {},
  }
}

/**
 * Reads a compressed file; `offset` counts decompressed bytes, and all before it is decompressed
 * and dropped.
 */
export function decompressedBytes(
  file: FileHandle,
  offset: number,
  chunkSizeBytes: number,
  decompression: Decompression,
): ByteStream {
  const compressed = plainBytes(file, 0, chunkSizeBytes)
  let toDrop = offset
  let ended = false
  const decompressed = async (): Promise<Uint8Array> => {
    const bytes = await compressed.next()
    ended = bytes === undefined
    try {
      return await (bytes === undefined ? decompression.end() : decompression.write(bytes))
    } catch (cause) {
      throw new EngineError(
        ErrorCode.CORRUPT_DATA,
        `cannot decompress ${file.path}: ${cause instanceof Error ? cause.message : cause}; ` +
          'the file is damaged or incomplete, write it again or leave it out',
        { cause },
      )
    }
  }
  return {
    next: async () => {
      while (!ended) {
        const bytes = await decompressed()
        const dropped = Math.min(toDrop, bytes.length)
        toDrop -= dropped
        if (bytes.length > dropped) return bytes.subarray(dropped)
      }
      return undefined
    },
    close: () => decompression.close(),
  }
}
