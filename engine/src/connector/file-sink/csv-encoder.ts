import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { requireValidDialect } from '../file/csv-dialect.ts'
import { type FileEncoder, withBigInts } from './file-encoder.ts'

/** Options of {@link csvEncoder}. */
export interface CsvEncoderOptions {
  /** Starts each file with the names of the columns. Default false. */
  readonly header?: boolean
  /** Default `,`. */
  readonly delimiter?: string
  /** What is written for null and undefined. Default: nothing. */
  readonly nullLiteral?: string
}

/**
 * CSV after RFC 4180, the given columns in order. A field is quoted where it must be: when it holds
 * a delimiter, a quote or a line break, or reads as the null literal.
 *
 * ```ts
 * const encoder = csvEncoder<{ name: string; n: number }>(['n', 'name'], { header: true })
 * encoder.header // => 'n,name\n'
 * encoder.encode({ name: 'a,b', n: 1 }) // => '1,"a,b"\n'
 * ```
 * @throws INVALID_ARGUMENT if there are no columns, or the delimiter or the null literal cannot be
 *   told from a field
 */
export function csvEncoder<T extends object = Readonly<Record<string, unknown>>>(
  columns: readonly (keyof T & string)[],
  options: CsvEncoderOptions = {},
): FileEncoder<T> {
  const { delimiter = ',', nullLiteral = '' } = options
  if (columns.length === 0) {
    throw new EngineError(ErrorCode.INVALID_ARGUMENT, 'a CSV file needs columns; name some')
  }
  requireValidDialect({ delimiter, quote: '"', escape: '"' })
  if (isSpecial(nullLiteral, delimiter)) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `the null literal ${JSON.stringify(nullLiteral)} of a CSV file would have to be quoted, and ` +
        'what is quoted is text; choose one without quotes, line breaks and delimiters',
    )
  }
  const fieldOf = (value: unknown): string => {
    if (value === null || value === undefined) return nullLiteral
    const field = textOf(value)
    const needsQuotes = field === nullLiteral || isSpecial(field, delimiter)
    return needsQuotes ? `"${field.replaceAll('"', '""')}"` : field
  }
  return {
    header: options.header === true ? `${columns.map(fieldOf).join(delimiter)}\n` : '',
    encode: (value) => `${columns.map((column) => fieldOf(value[column])).join(delimiter)}\n`,
  }
}

function isSpecial(field: string, delimiter: string): boolean {
  return (
    field.includes('"') ||
    field.includes('\n') ||
    field.includes('\r') ||
    field.includes(delimiter) ||
    // At the start of a file it would be taken for a byte order mark.
    field.startsWith('\ufeff')
  )
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value, withBigInts) : String(value)
}
