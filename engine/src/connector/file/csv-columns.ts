import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { CsvFields } from './csv-fields.ts'

/** The types a CSV field can be read as. */
export type CsvType = 'string' | 'integer' | 'number' | 'boolean'

/** A value of a CSV record. */
export type CsvValue = string | number | boolean | null

/** A CSV record by column name. */
export type CsvRow = Readonly<Record<string, CsvValue>>

/** Makes the row of a record. Throws if the record does not fit the columns. */
export type CsvRowReader = (fields: CsvFields) => CsvRow

/** Reads rows of the columns `names`, in this order in the file, or the `wanted` ones of them. */
export function csvRowReader(
  names: readonly string[],
  wanted: readonly string[],
  types: Readonly<Record<string, CsvType>>,
): CsvRowReader {
  const indexes = wanted.map((name) => names.indexOf(name))
  const readers = wanted.map((name) => fieldReaders[types[name] ?? 'string'])
  return (fields) => {
    if (fields.length !== names.length) {
      throw new EngineError(
        ErrorCode.MALFORMED_RECORD,
        `${fields.length} fields, expected ${names.length} (${names.join(', ')})`,
      )
    }
    const row: Record<string, CsvValue> = {}
    for (let i = 0; i < indexes.length; i++) {
      const field = fields[indexes[i] as number] as string | null
      const name = wanted[i] as string
      row[name] = field === null ? null : (readers[i] as FieldReader)(field, name)
    }
    return row
  }
}

type FieldReader = (field: string, name: string) => CsvValue

const fieldReaders: Readonly<Record<CsvType, FieldReader>> = {
  string: (field) => field,
  integer: (field, name) => {
    const value = Number(field)
    if (!/^\s*[+-]?\d+\s*$/.test(field) || !Number.isSafeInteger(value)) {
      throw unreadable(field, name, 'an integer')
    }
    return value
  },
  number: (field, name) => {
    const value = Number(field)
    if (field.trim() === '' || Number.isNaN(value)) throw unreadable(field, name, 'a number')
    return value
  },
  boolean: (field, name) => {
    const word = field.trim().toLowerCase()
    if (word !== 'true' && word !== 'false') throw unreadable(field, name, 'true or false')
    return word === 'true'
  },
}

function unreadable(field: string, name: string, expected: string): EngineError {
  return new EngineError(
    ErrorCode.MALFORMED_RECORD,
    `column ${name} holds ${JSON.stringify(field)}, which is not ${expected}`,
  )
}
