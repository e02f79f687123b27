import {
  type DeserializationSchema,
  SchemaRunner,
} from '../deserialization/deserialization-schema.ts'
import { BlockGap } from '../source-base/record-block.ts'
import type { FileFormat, FormatInput } from './file-format.ts'
import { LineBlockReader } from './line-block-reader.ts'
import { type InvalidBytes, LineDecoder, UndecodableLine } from './line-decoder.ts'

/** The longest line by default. */
export const LINE_SIZE_BYTES_MAX: number = 16 * 1024 * 1024

/** Options of {@link textLines}. */
export interface TextLinesOptions {
  /** A name of the WHATWG encoding standard, except UTF-16. Default `utf-8`. */
  readonly charset?: string
  /** What becomes of a line that is not text of the charset. Default `malformed`. */
  readonly invalidBytes?: InvalidBytes
  /** A longer line fails the job. Default 16 MiB. */
  readonly recordSizeBytesMax?: number
}

/**
 * One record per line, without its line end (LF or CRLF). A last line without line end counts; a
 * byte order mark is dropped. A line that is not text of the charset is malformed, unless
 * `invalidBytes` says `replace`.
 *
 * ```ts
 * env.fromElements('a', 'b').sinkTo(fileSink({ path: 'in', encode: textEncoder() }))
 * await env.execute()
 *
 * const format = textLines()
 * await env.fromSource(fileSource({ path: 'in', format })).executeAndCollect() // => ['a', 'b']
 * ```
 * @throws INVALID_ARGUMENT if the charset is unknown or UTF-16.
 */
export function textLines(options: TextLinesOptions = {}): FileFormat<string> {
  return lineFormat('text', options, (line) => line)
}

/** Options of {@link lines}. */
export interface LinesOptions<T> extends TextLinesOptions {
  /** Turns a line into a record, into none, or into several. */
  readonly schema: DeserializationSchema<T>
}

/**
 * Lines that a schema turns into records: one, none (null) or several per line. A line that the
 * schema throws on is malformed.
 *
 * ```ts
 * env.fromElements('a b', '', 'c').sinkTo(fileSink({ path: 'in', encode: textEncoder() }))
 * await env.execute()
 *
 * const format = lines<string>({
 *   schema: (line, out) => {
 *     for (const word of line.split(' ')) if (word !== '') out.collect(word)
 *     return null
 *   },
 * })
 * const words = env.fromSource(fileSource({ path: 'in', format }))
 * await words.executeAndCollect() // => ['a', 'b', 'c']
 * ```
 *
 * @throws INVALID_ARGUMENT if the charset is unknown or UTF-16.
 */
export function lines<T>(options: LinesOptions<T>): FileFormat<T> {
  const { schema } = options
  return blockFormat('lines', options, (block, originOf) => {
    const runner = new SchemaRunner(schema)
    for (let i = 0; i < block.length; i++) {
      const line = block[i] as string | UndecodableLine
      if (typeof line === 'string') runner.add(line, originOf, i)
      else runner.addMalformed(line.text, originOf(i), line.cause)
    }
    return runner
  })
}

/** Makes a format of which every line is an entry. `parse` throws if a line is malformed. */
export function lineFormat<T>(
  name: string,
  options: TextLinesOptions,
  parse: (line: string) => T | BlockGap,
): FileFormat<T> {
  return blockFormat(name, options, (lines, originOf) => entriesOf(lines, originOf, parse))
}

/** The entries of the lines of a block, and whether some of them are gaps. */
type EntriesOfLines<T> = (
  lines: readonly (string | UndecodableLine)[],
  originOf: (index: number) => string,
) => { readonly entries: (T | BlockGap)[]; readonly hasGaps: boolean }

function blockFormat<T>(
  name: string,
  options: TextLinesOptions,
  entriesOfLines: EntriesOfLines<T>,
): FileFormat<T> {
  const decoder = new LineDecoder(options.charset ?? 'utf-8', options.invalidBytes)
  const recordSizeBytesMax = options.recordSizeBytesMax ?? LINE_SIZE_BYTES_MAX
  return {
    name,
    splittable: true,
    compressible: true,
    open: async (input) => {
      const blocks = new LineBlockReader(input, { recordSizeBytesMax })
      let lineCount = 0
      return {
        next: async () => {
          const block = await blocks.next(lineCount)
          if (block === undefined) return undefined
          const lines = decoder.lines(block)
          lineCount = lines.length
          const { offset, line } = block
          const { entries, hasGaps } = entriesOfLines(lines, (i) => originOf(input, line, i))
          return { offset, line, entries, hasGaps }
        },
        close: async () => blocks.close(),
      }
    },
  }
}

/** Where a line stands, as precisely as is known. */
function originOf(input: FormatInput, firstLine: number, index: number): string {
  const { path, startBytes } = input.split
  if (firstLine > 0) return `${path}:${firstLine + index}`
  return `${path} (in the range from byte ${startBytes} on)`
}

function entriesOf<T>(
  lines: readonly (string | UndecodableLine)[],
  originOf: (index: number) => string,
  parse: (line: string) => T | BlockGap,
): { entries: (T | BlockGap)[]; hasGaps: boolean } {
  const entries = new Array<T | BlockGap>(lines.length)
  let hasGaps = false
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string | UndecodableLine
    let entry: T | BlockGap
    if (line instanceof UndecodableLine) {
      entry = new BlockGap({ record: line.text, origin: originOf(i), cause: line.cause })
    } else {
      try {
        entry = parse(line)
      } catch (cause) {
        entry = new BlockGap({ record: line, origin: originOf(i), cause })
      }
    }
    if (entry instanceof BlockGap) hasGaps = true
    entries[i] = entry
  }
  return { entries, hasGaps }
}
