import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Decompressors } from '../../env/decompressors.ts'
import type { FormatInput } from '../file/file-format.ts'
import { BoundedBytes } from '../source-base/bounded-bytes.ts'
import { inflateRaw } from './inflate-raw.ts'

/** Few bytes may become many: so much is decompressed before the size is looked at. */
const PIECE_SIZE_BYTES = 2 * 1024

/**
 * Undoes the codec of a file's blocks.
 *
 * @param sizeBytesMax a block that becomes larger is refused
 * @throws UNSUPPORTED if the codec is not known here, or needs `decompressors`
 */
export function avroDecompressor(
  { decompressors, split }: FormatInput,
  codec: string,
  sizeBytesMax: number,
): (bytes: Uint8Array) => Promise<Uint8Array> {
  if (codec === 'null') return async (bytes) => bytes
  if (codec === 'deflate') {
    return async (bytes) => (await inflateRaw(bytes, sizeBytesMax)) ?? tooLarge(sizeBytesMax)
  }
  if (codec === 'zstandard' && decompressors !== undefined) {
    return (bytes) => unzstd(decompressors, bytes, sizeBytesMax)
  }
  throw new EngineError(
    ErrorCode.UNSUPPORTED,
    `${split.path} is compressed with ${codec}; ` +
      (codec === 'zstandard'
        ? 'pass `decompressors` to the file source'
        : 'write it with deflate, zstandard or without compression'),
  )
}

async function unzstd(
  decompressors: Decompressors,
  bytes: Uint8Array,
  sizeBytesMax: number,
): Promise<Uint8Array> {
  const stream = decompressors.stream('zstd')
  const pieces = new BoundedBytes(sizeBytesMax)
  try {
    for (let at = 0; at < bytes.length; at += PIECE_SIZE_BYTES) {
      const piece = await stream.write(bytes.subarray(at, at + PIECE_SIZE_BYTES))
      if (!pieces.add(piece)) return tooLarge(sizeBytesMax)
    }
    return pieces.add(await stream.end()) ? pieces.joined() : tooLarge(sizeBytesMax)
  } finally {
    stream.close()
  }
}

function tooLarge(sizeBytesMax: number): never {
  throw new Error(`it is larger than blockSizeBytesMax, ${sizeBytesMax} bytes`)
}
