import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/** How a CSV file is written. */
export interface CsvDialect {
  readonly delimiter: string
  readonly quote: string
  /** Stands before a quote inside a quoted field; RFC 4180 doubles the quote. */
  readonly escape: string
}

const LINE_FEED = 10

/** @throws INVALID_ARGUMENT if one of the three is not a single ASCII character. */
export function requireValidDialect(dialect: CsvDialect): void {
  for (const [name, value] of Object.entries(dialect)) {
    if (value.length === 1 && value.charCodeAt(0) < 0x80 && value !== '\n' && value !== '\r')
      continue
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `the ${name} of a CSV file is one ASCII character, not ${JSON.stringify(value)}`,
    )
  }
  if (dialect.delimiter === dialect.quote) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `delimiter and quote of a CSV file are both ${JSON.stringify(dialect.quote)}; choose two`,
    )
  }
}

/** How bytes fall into records. */
export interface CsvRecords {
  /** Where the records end (behind their line feeds). What follows the last is incomplete. */
  readonly ends: readonly number[]
  /** True if the bytes end inside quotes. */
  readonly endsInQuotes: boolean
}

/**
 * Finds the records in `bytes`, from a record start on. A line feed inside quotes ends no record; a
 * quote counts only at the start of a field.
 */
export function csvRecords(bytes: Uint8Array, dialect: CsvDialect, from: number = 0): CsvRecords {
  const delimiter = dialect.delimiter.charCodeAt(0)
  const quote = dialect.quote.charCodeAt(0)
  const escapeByte = dialect.escape.charCodeAt(0)
  const ends: number[] = []
  let isFieldStart = true
  let i = from
  for (; i < bytes.length; i++) {
    const byte = bytes[i] as number
    if (byte === LINE_FEED) {
      ends.push(i + 1)
      isFieldStart = true
    } else if (byte === quote && isFieldStart) {
      i = closingQuote(bytes, i + 1, quote, escapeByte)
      isFieldStart = false
    } else isFieldStart = byte === delimiter
  }
  // Behind a quote that never closes the loop has stepped over the end.
  return { ends, endsInQuotes: i > bytes.length }
}

/** The index of the quote that ends the field; the length of `bytes` if there is none. */
function closingQuote(bytes: Uint8Array, from: number, quote: number, escapeByte: number): number {
  for (let i = from; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === escapeByte && (escapeByte !== quote || bytes[i + 1] === quote)) i++
    else if (byte === quote) return i
  }
  return bytes.length
}
