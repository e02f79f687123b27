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
}

/**
 * One JSON text per line (NDJSON). Empty lines are left out; anything else that is no JSON is
 * malformed.
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
  const { convert, schema, extraFields = 'drop' } = options
  const read = schema === undefined ? undefined : recordReader(schema, extraFields, 'json')
  return lineFormat<T>('JSON lines', options, (line) => {
    if (line.trim() === '') return LEFT_OUT
    const parsed: unknown = JSON.parse(line)
    const json = read === undefined ? parsed : read(parsed)
    if (convert === undefined) return json as T
    return convert(json) ?? LEFT_OUT
  })
}
