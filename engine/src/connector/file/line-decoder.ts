import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { LineBlock } from './line-block-reader.ts'

interface Decoder {
  decode(bytes: Uint8Array): string
}

// Globals of Node, browsers and workers; the compiler knows only the language's own (`types: []`).
declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => Decoder & { readonly encoding: string }

const BYTE_ORDER_MARK = 0xfeff

/**
 * What becomes of bytes that are no text of the charset: their line is `malformed`, or U+FFFD
 * stands in for them (`replace`).
 */
export type InvalidBytes = 'malformed' | 'replace'

/** A line that is not text of the charset. */
export class UndecodableLine {
  /** The text with U+FFFD where it cannot be decoded. */
  readonly text: string
  readonly cause: unknown

  constructor(text: string, cause: unknown) {
    this.text = text
    this.cause = cause
  }
}

/**
 * Decodes blocks of whole lines. Blocks end between lines, so a character never falls across two
 * calls, whatever the chunks in which the file was read.
 */
export class LineDecoder {
  /** Throws on invalid bytes, unless they are to be replaced. */
  readonly #decoder: Decoder
  readonly #lossy: Decoder
  readonly charset: string

  /**
   * @throws INVALID_ARGUMENT if the platform does not know the charset or it cannot be cut at
   * bytes.
   */
  constructor(charset: string, invalidBytes: InvalidBytes = 'malformed') {
    this.#decoder = decoderOf(charset, invalidBytes === 'malformed')
    this.#lossy = decoderOf(charset, false)
    this.charset = charset
  }

  /** The whole block as text, or undefined if some of it cannot be decoded. */
  text(block: LineBlock): string | undefined {
    try {
      const text = this.#decoder.decode(block.bytes)
      const hasMark = block.offset === 0 && text.charCodeAt(0) === BYTE_ORDER_MARK
      return hasMark ? text.slice(1) : text
    } catch {
      return undefined
    }
  }

  /** The lines of the block without line ends (LF or CRLF). */
  lines(block: LineBlock): readonly (string | UndecodableLine)[] {
    const text = this.text(block)
    return text === undefined ? this.#eachLine(block) : linesOf(text)
  }

  /** One piece of bytes, for the error report. */
  piece(bytes: Uint8Array): string | UndecodableLine {
    try {
      return this.#decoder.decode(bytes)
    } catch (cause) {
      return new UndecodableLine(this.#lossy.decode(bytes), cause)
    }
  }

  #eachLine(block: LineBlock): readonly (string | UndecodableLine)[] {
    const { bytes } = block
    const lines: (string | UndecodableLine)[] = []
    let start = 0
    while (start < bytes.length) {
      const feed = bytes.indexOf(10, start)
      const next = feed < 0 ? bytes.length : feed + 1
      const end = feed < 0 ? bytes.length : feed
      const trimmed = end > start && bytes[end - 1] === 13 ? end - 1 : end
      const line = this.piece(bytes.subarray(start, trimmed))
      const isMarked = block.offset === 0 && start === 0 && typeof line === 'string'
      lines.push(isMarked && line.charCodeAt(0) === BYTE_ORDER_MARK ? line.slice(1) : line)
      start = next
    }
    return lines
  }
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n')
  // What follows the last line feed is the start of nothing.
  if (text.endsWith('\n')) lines.pop()
  if (text.includes('\r')) {
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] as string
      if (line.endsWith('\r')) lines[i] = line.slice(0, -1)
    }
  }
  return lines
}

function decoderOf(charset: string, fatal: boolean): Decoder {
  let decoder: Decoder & { readonly encoding: string }
  try {
    decoder = new TextDecoder(charset, { fatal, ignoreBOM: true })
  } catch (cause) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `this platform does not know the charset ${charset}; use a name of the WHATWG encoding ` +
        'standard, such as utf-8, gb18030 or windows-1252',
      { cause },
    )
  }
  // In these a line feed byte may be part of another character.
  if (decoder.encoding.startsWith('utf-16') || decoder.encoding === 'iso-2022-jp') {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `files of charset ${charset} cannot be cut into lines; convert them to UTF-8 first`,
    )
  }
  return decoder
}
