import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { LongInteger, withPlainNumbers } from './exact-json.ts'
import type { ExtraFields, FieldSchema, FieldType, RecordSchema } from './record-schema.ts'
import { epochMs, parseTimestamp, type TimestampFormat } from './timestamp-format.ts'

/** Checks a value against a type. `path` names the field in errors. */
type FieldReader = (value: unknown, path: string) => unknown

/** Makes a record of an object. */
export type RecordReader = (value: unknown) => Readonly<Record<string, unknown>>

/**
 * Where values come from: `text` if all are strings, as in CSV; `exact-json` if integers may be of
 * the class {@link LongInteger}.
 */
export type ValueOrigin = 'json' | 'exact-json' | 'text'

/**
 * Makes the function that checks and converts records of a schema, built once and not per record.
 * It throws MALFORMED_RECORD and names the field, as `address.city` or `items[2].price`.
 */
export function recordReader(
  schema: RecordSchema,
  extraFields: ExtraFields,
  origin: ValueOrigin,
): RecordReader {
  const read = objectReader(schema, extraFields, origin)
  return (value) => read(value, '') as Readonly<Record<string, unknown>>
}

function objectReader(
  schema: RecordSchema,
  extraFields: ExtraFields,
  origin: ValueOrigin,
): FieldReader {
  const fields = Object.entries(schema).map(([name, field]) => ({
    name,
    read: fieldReader(field, extraFields, origin),
  }))
  const plain = origin === 'exact-json' ? withPlainNumbers : same
  const known = new Set(fields.map(({ name }) => name))
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw unfit(value, path, 'an object')
    }
    const input = value as Readonly<Record<string, unknown>>
    const record: Record<string, unknown> = {}
    for (const { name, read } of fields) {
      // A field may be called like something every object has.
      const own = Object.hasOwn(input, name) ? input[name] : undefined
      set(record, name, read(own, path === '' ? name : `${path}.${name}`))
    }
    if (extraFields === 'drop') return record
    for (const name of Object.keys(input)) {
      if (known.has(name)) continue
      if (extraFields === 'error')
        throw malformed(`${path || 'the record'} has a field '${name}' too many`)
      set(record, name, plain(input[name]))
    }
    return record
  }
}

function fieldReader(
  field: FieldType | FieldSchema,
  extraFields: ExtraFields,
  origin: ValueOrigin,
): FieldReader {
  const schema = isFieldSchema(field) ? field : { type: field }
  const { type, format = 'iso-8601' } = schema
  const read = typeReader(type, format, extraFields, origin)
  const isOptional = schema.optional === true || schema.default !== undefined
  const absent = schema.default ?? null
  const emptyIsNull = origin === 'text' && type !== 'string' && type !== 'json'
  return (value, path) => {
    if (value !== undefined && value !== null && !(emptyIsNull && value === '')) {
      return read(value, path)
    }
    if (isOptional) return absent
    const what = value === undefined ? 'is missing' : value === null ? 'is null' : 'is empty'
    throw malformed(`field '${path}' ${what}, and it is required`)
  }
}

function typeReader(
  type: FieldType,
  format: TimestampFormat,
  extraFields: ExtraFields,
  origin: ValueOrigin,
): FieldReader {
  if (typeof type === 'string') {
    if (type === 'timestamp') return timestampReader(format, origin)
    if (origin === 'text') return textReaders[type]
    return type === 'json' && origin === 'exact-json' ? withPlainNumbers : jsonReaders[type]
  }
  const innerOrigin = origin === 'text' ? 'json' : origin
  const inner =
    'fields' in type
      ? objectReader(type.fields, extraFields, innerOrigin)
      : listReader(fieldReader(type.listOf, extraFields, innerOrigin))
  if (origin !== 'text') return inner
  return (value, path) => inner(parsedJson(value, path), path)
}

function listReader(read: FieldReader): FieldReader {
  return (value, path) => {
    if (!Array.isArray(value)) throw unfit(value, path, 'a list')
    return value.map((each, index) => read(each, `${path}[${index}]`))
  }
}

function timestampReader(format: TimestampFormat, origin: ValueOrigin): FieldReader {
  const isNumber = format === 'epoch-ms' || format === 'epoch-s'
  return (value, path) => {
    const ms =
      isNumber && origin !== 'text'
        ? typeof value === 'number'
          ? epochMs(value, format)
          : undefined
        : typeof value === 'string'
          ? parseTimestamp(value.trim(), format)
          : undefined
    if (ms === undefined) throw unfit(value, path, `a timestamp of the format ${format}`)
    return ms
  }
}

type SimpleType = Exclude<Extract<FieldType, string>, 'timestamp'>

const jsonReaders: Readonly<Record<SimpleType, FieldReader>> = {
  json: same,
  string: (value, path) => {
    if (typeof value !== 'string') throw unfit(value, path, 'a string')
    return value
  },
  boolean: (value, path) => {
    if (typeof value !== 'boolean') throw unfit(value, path, 'true or false')
    return value
  },
  number: (value, path) => {
    const number = value instanceof LongInteger ? Number(value.digits) : value
    if (typeof number !== 'number' || !Number.isFinite(number)) throw unfit(value, path, 'a number')
    return number
  },
  integer: (value, path) => {
    if (!Number.isSafeInteger(value)) throw unfit(value, path, 'a safe integer')
    return value
  },
  bigint: (value, path) => {
    if (value instanceof LongInteger) return BigInt(value.digits)
    if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) return BigInt(value)
    // Where the platform does not tell its digits, a larger number has lost the last of them.
    if (!Number.isSafeInteger(value)) throw unfit(value, path, 'an integer in a string')
    return BigInt(value as number)
  },
}

const textReaders: Readonly<Record<SimpleType, FieldReader>> = {
  string: (value) => value,
  json: (value, path) => parsedJson(value, path),
  boolean: (value, path) => {
    const word = String(value).trim().toLowerCase()
    if (word !== 'true' && word !== 'false') throw unfit(value, path, 'true or false')
    return word === 'true'
  },
  number: (value, path) => {
    const number = Number(value)
    if (!Number.isFinite(number) || String(value).trim() === '') {
      throw unfit(value, path, 'a number')
    }
    return number
  },
  integer: (value, path) => {
    const number = Number(value)
    if (!/^\s*[+-]?\d+\s*$/.test(String(value)) || !Number.isSafeInteger(number)) {
      throw unfit(value, path, 'a safe integer')
    }
    return number
  },
  bigint: (value, path) => {
    const text = String(value).trim()
    if (!/^[+-]?\d+$/.test(text)) throw unfit(value, path, 'an integer')
    return BigInt(text)
  },
}

function same(value: unknown): unknown {
  return value
}

/** `__proto__` is a name like any other here. */
function set(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') record[name] = value
  else Object.defineProperty(record, name, { value, enumerable: true, writable: true })
}

function parsedJson(value: unknown, path: string): unknown {
  try {
    return JSON.parse(String(value))
  } catch {
    throw unfit(value, path, 'a JSON text')
  }
}

function isFieldSchema(field: FieldType | FieldSchema): field is FieldSchema {
  return typeof field === 'object' && 'type' in field
}

function unfit(value: unknown, path: string, expected: string): EngineError {
  const written = value instanceof LongInteger ? value.digits : JSON.stringify(value)
  const shown = (written ?? String(value)).slice(0, 100)
  const what = path === '' ? 'the record is' : `field '${path}' holds`
  return malformed(`${what} ${shown}, which is not ${expected}`)
}

function malformed(message: string): EngineError {
  return new EngineError(ErrorCode.MALFORMED_RECORD, message)
}
