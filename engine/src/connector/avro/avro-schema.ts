import avsc from 'avsc'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/** The object of an Avro schema, as JSON has it. */
export type AvroSchema = Readonly<Record<string, unknown>>

/** What is used of the library's types; its own declarations need Node's types. */
export interface AvroType {
  readonly typeName: string
  readonly name?: string
  /** Of a record. */
  readonly fields?: readonly AvroField[]
  /** Of a union. */
  readonly types?: readonly AvroType[]
  /** Of an array. */
  readonly itemsType?: AvroType
  /** Of a map. */
  readonly valuesType?: AvroType
  /** Of a fixed. */
  readonly size?: number
  /** Of an enum. */
  readonly symbols?: readonly string[]
  decode(bytes: Uint8Array, position: number, resolver?: object): DecodedValue
  /** The position behind the value; negative if the bytes have too little room. */
  encode(value: unknown, bytes: Uint8Array, position: number): number
  isValid(
    value: unknown,
    options: {
      readonly errorHook: (
        path: readonly (string | number)[],
        value: unknown,
        type: AvroType,
      ) => void
    },
  ): boolean
  createResolver(writer: AvroType): object
}

interface AvroField {
  readonly name: string
  readonly type: AvroType
  readonly aliases: readonly string[]
}

interface DecodedValue {
  readonly value: unknown
  /** Negative if the bytes end too early. */
  readonly offset: number
}

const library = avsc as unknown as {
  readonly Type: {
    forSchema(schema: unknown, options?: { readonly registry: object }): AvroType
  }
}

/**
 * The type of a schema.
 *
 * @throws INVALID_ARGUMENT if it is no Avro schema; the message names record and field
 */
export function avroType(schema: unknown): AvroType {
  try {
    return library.Type.forSchema(schema, { registry: {} })
  } catch (cause) {
    const { place, reason } = faultOf(schema, cause)
    throw new EngineError(ErrorCode.INVALID_ARGUMENT, `not an Avro schema: ${place}${reason}`, {
      cause,
    })
  }
}

/**
 * What turns values of `writer` into values of `reader`.
 *
 * @throws the library's error, with the field in front, if they do not fit
 */
export function avroResolver(reader: AvroType, writer: AvroType): object {
  try {
    return reader.createResolver(writer)
  } catch (cause) {
    const field = misfit(reader, writer)
    throw new Error(`${field === '' ? '' : `field '${field}': `}${messageOf(cause)}`, { cause })
  }
}

/** Parses once more and watches which field the parser is at when it gives up. */
function faultOf(
  schema: unknown,
  cause: unknown,
): { readonly place: string; readonly reason: string } {
  let place = ''
  try {
    const watched = watchedSchema(schema, '', (at) => {
      place = at
    })
    library.Type.forSchema(watched, { registry: {} })
  } catch (watchedCause) {
    return { place, reason: messageOf(watchedCause) }
  }
  return { place: '', reason: messageOf(cause) }
}

/** A copy of the schema that tells when the type or the default of a field is looked at. */
function watchedSchema(schema: unknown, path: string, visit: (place: string) => void): unknown {
  if (Array.isArray(schema)) return schema.map((branch) => watchedSchema(branch, path, visit))
  if (typeof schema !== 'object' || schema === null) return schema
  const copy: Record<string, unknown> = { ...schema }
  for (const part of ['items', 'values']) {
    if (part in copy) copy[part] = watchedSchema(copy[part], path, visit)
  }
  if (!Array.isArray(copy['fields'])) return copy
  copy['fields'] = copy['fields'].map((field: AvroSchema) => {
    if (typeof field !== 'object' || field === null) return field
    const fieldPath = path === '' ? String(field['name']) : `${path}.${field['name']}`
    const place = `field '${fieldPath}' of record '${copy['name']}': `
    const watched = { ...field }
    for (const part of ['type', 'default']) {
      const value = part === 'type' ? watchedSchema(field[part], fieldPath, visit) : field[part]
      const get = (): unknown => {
        visit(place)
        return value
      }
      Object.defineProperty(watched, part, { get })
    }
    return watched
  })
  return copy
}

/** The path of the first field whose types do not fit; empty if it is the record itself. */
function misfit(reader: AvroType, writer: AvroType): string {
  for (const field of reader.fields ?? []) {
    const names = [field.name, ...field.aliases]
    const written = writer.fields?.find(({ name }) => names.includes(name))
    if (written === undefined) continue
    try {
      field.type.createResolver(written.type)
    } catch {
      const inner = misfit(field.type, written.type)
      return inner === '' ? field.name : `${field.name}.${inner}`
    }
  }
  return ''
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
