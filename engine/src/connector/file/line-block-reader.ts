import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { ByteStream } from './byte-stream.ts'
import type { FormatInput } from './file-format.ts'

const LINE_FEED = 10

/** Complete lines (or records of several lines) that stand next to each other in a file. */
export interface LineBlock {
  /** The bytes, line ends included; the last line of the file may lack one. */
  readonly bytes: Uint8Array
  readonly offset: number
  /** The number of the first line, counted from 1; 0 if it is not known. */
  readonly line: number
  /** True if what stands at the end may be cut off: the file ends here, or a limit was reached. */
  readonly isFinal: boolean
}

/** Options of {@link LineBlockReader}. */
export interface LineBlockOptions {
  /** The longest record. One line beyond it is an error; see `cutsLongRecords`. */
  readonly recordSizeBytesMax: number
  /**
   * For records that may span lines: where the last complete record of `bytes` ends, 0 if none
   * does. Default: behind the last line feed.
   */
  readonly lastRecordEnd?: (bytes: Uint8Array) => number
}

/**
 * Cuts the bytes of a split into blocks of complete lines. A line belongs to the range in which its
 * first byte stands, so ranges that cover a file read each line once.
 */
export class LineBlockReader {
  readonly #input: FormatInput
  readonly #options: LineBlockOptions
  readonly #endBytes: number
  #stream: ByteStream | undefined
  /** Bytes read and not handed out. */
  #buffer: Uint8Array = new Uint8Array(0)
  #offset: number
  #line: number
  #ended = false

  constructor(input: FormatInput, options: LineBlockOptions) {
    const { split } = input
    this.#input = input
    this.#options = options
    this.#endBytes = input.isCompressed ? Number.POSITIVE_INFINITY : split.endBytes
    this.#offset = split.position?.offset ?? split.startBytes
    this.#line = split.position?.line ?? (split.startBytes === 0 ? 1 : 0)
  }

  /**
   * The next block, or undefined at the end of the split. `lineCount` is that of the block before.
   */
  async next(lineCount: number): Promise<LineBlock | undefined> {
    if (this.#line > 0) this.#line += lineCount
    if (this.#stream === undefined) await this.#start()
    while (!this.#ended) {
      const block = this.#cut()
      if (block !== undefined) return block
      const bytes = await (this.#stream as ByteStream).next()
      if (bytes === undefined) return this.#last()
      this.#buffer = joined(this.#buffer, bytes)
    }
    return undefined
  }

  close(): void {
    this.#stream?.close()
  }

  /** Steps over the line that began in the range before this one. */
  async #start(): Promise<void> {
    const { split } = this.#input
    const skipsLine = split.position === null && split.startBytes > 0
    if (skipsLine) this.#offset--
    this.#stream = this.#input.bytesFrom(this.#offset)
    while (skipsLine) {
      const bytes = await this.#stream.next()
      if (bytes === undefined) {
        this.#ended = true
        return
      }
      const at = bytes.indexOf(LINE_FEED)
      this.#offset += at < 0 ? bytes.length : at + 1
      if (at >= 0) {
        this.#buffer = bytes.subarray(at + 1)
        break
      }
    }
    if (this.#offset >= this.#endBytes) this.#ended = true
  }

  #cut(): LineBlock | undefined {
    const buffer = this.#buffer
    const toEnd = this.#endBytes - this.#offset
    if (this.#options.lastRecordEnd === undefined && buffer.length >= toEnd) {
      // The range ends in here: with the line that crosses its end.
      const at = buffer.indexOf(LINE_FEED, Math.max(0, toEnd - 1))
      if (at >= 0) {
        this.#ended = true
        return this.#take(at + 1, false)
      }
    } else {
      const end = this.#options.lastRecordEnd?.(buffer) ?? buffer.lastIndexOf(LINE_FEED) + 1
      if (end > 0) return this.#take(end, false)
    }
    return buffer.length > this.#options.recordSizeBytesMax ? this.#tooLong() : undefined
  }

  #last(): LineBlock | undefined {
    this.#ended = true
    return this.#buffer.length === 0 ? undefined : this.#take(this.#buffer.length, true)
  }

  /** A record of several lines without end is most likely one wrong quote: hand out its lines. */
  #tooLong(): LineBlock {
    const end = this.#buffer.lastIndexOf(LINE_FEED) + 1
    if (this.#options.lastRecordEnd !== undefined && end > 0) return this.#take(end, true)
    throw new EngineError(
      ErrorCode.MALFORMED_RECORD,
      `${this.#input.split.path}, byte ${this.#offset}: a line is longer than ` +
        `${this.#options.recordSizeBytesMax} bytes; check that the file has lines of this format, ` +
        'or raise recordSizeBytesMax',
    )
  }

  #take(length: number, isFinal: boolean): LineBlock {
    const block = {
      bytes: this.#buffer.subarray(0, length),
      offset: this.#offset,
      line: this.#line,
      isFinal,
    }
    this.#buffer = this.#buffer.subarray(length)
    this.#offset += length
    return block
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right
  const bytes = new Uint8Array(left.length + right.length)
  bytes.set(left)
  bytes.set(right, left.length)
  return bytes
}
