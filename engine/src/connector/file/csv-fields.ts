import { parse } from 'csv-parse/browser/esm/sync'
import type { CsvDialect } from './csv-dialect.ts'

/** The fields of a record as they stand in the file; null where the null literal stands. */
export type CsvFields = readonly (string | null)[]

/**
 * Parses complete records. Throws the library's error if one of them is malformed.
 *
 * `csv-parse` does it, in its build for browsers: the only one that needs no `node:*` module.
 */
export function csvFields(
  text: string,
  dialect: CsvDialect,
  nullLiteral: string | undefined,
): readonly CsvFields[] {
  return parse(text, {
    delimiter: dialect.delimiter,
    quote: dialect.quote,
    escape: dialect.escape,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    ...(nullLiteral === undefined
      ? {}
      : {
          // A quoted field is text, whatever stands in it.
          cast: (field: string, context: { readonly quoting: boolean }) =>
            !context.quoting && field === nullLiteral ? null : field,
        }),
  }) as unknown as readonly CsvFields[]
}
