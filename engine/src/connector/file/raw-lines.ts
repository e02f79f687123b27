import type { FileFormat } from './file-format.ts'
import { type LineBlock, LineBlockReader } from './line-block-reader.ts'
import { LINE_SIZE_BYTES_MAX } from './text-lines.ts'

const LINE_FEED = 10

/** Options of {@link rawLines}. */
export interface RawLinesOptions {
  /** A longer line fails the job. Default 16 MiB. */
  readonly recordSizeBytesMax?: number
}

/**
 * One record per line: its bytes without the line feed, whatever they are. Nothing is decoded, and
 * nothing is dropped; a carriage return or a byte order mark is part of its line.
 *
 * ```ts
 * env.fromElements('hi', '').sinkTo(fileSink({ path: 'in', encode: textEncoder() }))
 * await env.execute()
 *
 * const lines = env.fromSource(fileSource({ path: 'in', format: rawLines() }))
 * await lines.map((bytes) => [...bytes]).executeAndCollect() // => [[104, 105], []]
 * ```
 */
export function rawLines(options: RawLinesOptions = {}): FileFormat<Uint8Array> {
  const recordSizeBytesMax = options.recordSizeBytesMax ?? LINE_SIZE_BYTES_MAX
  return {
    name: 'raw lines',
    splittable: true,
    compressible: true,
    open: async (input) => {
      const blocks = new LineBlockReader(input, { recordSizeBytesMax })
      let lineCount = 0
      return {
        next: async () => {
          const block = await blocks.next(lineCount)
          if (block === undefined) return undefined
          const entries = linesOf(block)
          lineCount = entries.length
          return { entries, hasGaps: false, offset: block.offset, line: block.line }
        },
        close: async () => blocks.close(),
      }
    },
  }
}

/** Each line in bytes of its own: a record that is kept must not keep the whole block. */
function linesOf({ bytes }: LineBlock): readonly Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, start)
    const end = feed < 0 ? bytes.length : feed
    lines.push(bytes.slice(start, end))
    start = end + 1
  }
  return lines
}
