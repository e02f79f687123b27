import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { BoundedBytes } from '../source-base/bounded-bytes.ts'
import { BlockGap } from '../source-base/record-block.ts'
import type { FileFormat, FormatInput } from './file-format.ts'

const FILE_SIZE_BYTES_MAX = 64 * 1024 * 1024

/** Options of {@link rawFile}. */
export interface RawFileOptions {
  /** A larger file, decompressed, is malformed. Default 64 MiB. */
  readonly fileSizeBytesMax?: number
}

/**
 * One record per file: all its bytes, which are held in memory. A file that is too large is
 * malformed, so the record error policy decides: fail, skip it, or report it.
 *
 * ```ts
 * env.fromElements('hi').sinkTo(fileSink({ path: 'in', encode: textEncoder() }))
 * await env.execute()
 *
 * const files = env.fromSource(fileSource({ path: 'in', format: rawFile() }))
 * await files.map((bytes) => [...bytes]).executeAndCollect() // => [[104, 105, 10]]
 * ```
 * @throws INVALID_ARGUMENT if the limit is not above 0
 */
export function rawFile(options: RawFileOptions = {}): FileFormat<Uint8Array> {
  const sizeMax = options.fileSizeBytesMax ?? FILE_SIZE_BYTES_MAX
  if (!(sizeMax > 0)) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `fileSizeBytesMax is ${sizeMax}; it must be above 0`,
    )
  }
  return {
    name: 'raw file',
    splittable: false,
    compressible: true,
    open: async (input) => {
      let isRead = false
      return {
        next: async () => {
          if (isRead) return undefined
          isRead = true
          const bytes = await wholeFile(input, sizeMax)
          const entry = bytes ?? tooLarge(input, sizeMax)
          return { entries: [entry], hasGaps: bytes === undefined, offset: 0, line: 0 }
        },
        close: async () => {},
      }
    },
  }
}

/** All bytes, or undefined as soon as it is known that there are too many. */
async function wholeFile(input: FormatInput, sizeMax: number): Promise<Uint8Array | undefined> {
  const { isCompressed, split } = input
  if (!isCompressed && split.sizeBytes > sizeMax) return undefined
  const stream = input.bytesFrom(0)
  const bytes = new BoundedBytes(sizeMax)
  try {
    for (let piece = await stream.next(); piece !== undefined; piece = await stream.next()) {
      if (!bytes.add(piece)) return undefined
    }
  } finally {
    stream.close()
  }
  return bytes.joined()
}

function tooLarge({ split, isCompressed }: FormatInput, sizeMax: number): BlockGap {
  const size = isCompressed ? 'more' : `${split.sizeBytes} bytes`
  const cause = new EngineError(
    ErrorCode.MALFORMED_RECORD,
    `${split.path} holds ${size} where one record may have ${sizeMax} bytes; raise ` +
      'fileSizeBytesMax if the memory allows, or read the file with another format',
  )
  return new BlockGap({ record: split.path, origin: split.path, cause })
}
