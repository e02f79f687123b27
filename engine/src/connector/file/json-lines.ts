import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { hasBigInt, parseExactJson } from '../record-schema/exact-json.ts'
import { recordReader } from '../record-schema/record-reader.ts'
import type { ExtraFields, RecordSchema } from '../record-schema/record-schema.ts'
import { LEFT_OUT } from '../source-base/record-block.ts'
import type { FileFormat } from './file-format.ts'
import { lineFormat, type TextLinesOptions } from './text-lines.ts'

/** Options of {@link jsonLines}. */
export interface JsonLinesOptions<T> extends TextLinesOptions {
  /**
   * The fields of a record. A line that does not fit is malformed, and the report names the field.
   * Default: any JSON text.
   */
  readonly schema?: RecordSchema
  /** With a schema: what becomes of fields it does not name. Default `drop`. */
  readonly extraFields?: ExtraFields
  /**
   * Turns the parsed JSON into a record: checks fields, sets defaults, turns texts into dates.
   * Returns null to leave the line out; throws if it is malformed. With a schema it gets the record
   * made by that. Default: the JSON as it is.
   */
  readonly convert?: (json: unknown) => T | null
  /**
   * A line whose lists and objects are nested deeper is malformed: what works through it record by
   * record would run out of stack. Default 1 000.
   */
  readonly nestingDepthMax?: number
}

const NESTING_DEPTH_MAX = 1_000

/**
 * One JSON text per line (NDJSON). Empty lines are left out; anything else that is no JSON is
 * malformed. A number beyond 2^53 loses its last digits, as it does in `JSON.parse`, unless a
 * schema says that its field is a `bigint`; in a field of the type `integer` it is refused. Of two
 * fields with one name the last counts.
 *
 * ```ts
 * env.fromElements('{"n":1}', '{"n":2}').sinkTo(fileSink({ path: 'in', encode: textEncoder() }))
 * await env.execute()
 *
 * const format = jsonLines<{ n: number }>()
 * const records = env.fromSource(fileSource({ path: 'in', format }))
 * await records.executeAndCollect() // => [{ n: 1 }, { n: 2 }]
 * ```
 *
 * @throws INVALID_ARGUMENT if the charset is unknown or UTF-16.
 */
export function jsonLines<T = unknown>(options: JsonLinesOptions<T> = {}): FileFormat<T> {
  const { convert, schema, extraFields = 'drop', nestingDepthMax = NESTING_DEPTH_MAX } = options
  const isExact = schema !== undefined && hasBigInt(schema)
  const parse: (text: string) => unknown = isExact ? parseExactJson : JSON.parse
  const read = schema && recordReader(schema, extraFields, isExact ? 'exact-json' : 'json')
  return lineFormat<T>('JSON lines', options, (line) => {
    if (line.trim() === '') return LEFT_OUT
    requireFlat(line, nestingDepthMax)
    const parsed = parse(line)
    const json = read === undefined ? parsed : read(parsed)
    if (convert === undefined) return json as T
    return convert(json) ?? LEFT_OUT
  })
}

function requireFlat(line: string, depthMax: number): void {
  // What is opened must be closed, so a short line cannot be too deep.
  if (line.length <= 2 * depthMax) return
  let depth = 0
  for (let at = 0; at < line.length; at++) {
    const unit = line.charCodeAt(at)
    if (unit === QUOTE) at = endOfString(line, at)
    else if (unit === OPENING_BRACKET || unit === OPENING_BRACE) depth++
    else if (unit === CLOSING_BRACKET || unit === CLOSING_BRACE) depth--
    if (depth <= depthMax) continue
    throw new EngineError(
      ErrorCode.MALFORMED_RECORD,
      `the record is nested deeper than ${depthMax} levels at character ${at + 1}`,
    )
  }
}

/** The index of the closing quote; the length of the line if there is none. */
function endOfString(line: string, opening: number): number {
  for (let at = opening + 1; ; at++) {
    at = line.indexOf('"', at)
    if (at < 0) return line.length
    let backslashCount = 0
    while (line.charCodeAt(at - 1 - backslashCount) === BACKSLASH) backslashCount++
    if (backslashCount % 2 === 0) return at
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
