import type { FieldSchema, FieldType, RecordSchema } from './record-schema.ts'

/** An integer of a JSON text beyond 2^53, with all its digits. */
export class LongInteger {
  readonly digits: string

  constructor(digits: string) {
    this.digits = digits
  }

  /** For error messages that show a value around it. */
  toJSON(): number {
    return Number(this.digits)
  }
}

/** Where the platform tells how a number was written; older browsers do not. */
interface ReviverContext {
  readonly source?: string
}

/** Fewer digits are always exact. */
const longDigits = /\d{16}/

/**
 * Parses JSON for a schema with `bigint` fields: integers beyond 2^53 become {@link LongInteger}s.
 * Where the platform does not say how a number was written they are numbers, as in `JSON.parse`.
 */
export function parseExactJson(text: string): unknown {
  if (!longDigits.test(text)) return JSON.parse(text)
  const revive = (_key: string, value: unknown, context?: ReviverContext): unknown => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
    const digits = context?.source
    return digits !== undefined && /^-?\d+$/.test(digits) ? new LongInteger(digits) : value
  }
  return JSON.parse(text, revive)
}

/** The value with plain numbers in place of all {@link LongInteger}s. */
export function withPlainNumbers(value: unknown): unknown {
  if (value instanceof LongInteger) return Number(value.digits)
  if (Array.isArray(value)) return value.map(withPlainNumbers)
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, unknown> = {}
  for (const [name, each] of Object.entries(value)) {
    Object.defineProperty(copy, name, {
      value: withPlainNumbers(each),
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return copy
}

/** True if the schema has a field of the type `bigint`, at any depth. */
export function hasBigInt(schema: RecordSchema): boolean {
  return Object.values(schema).some(isBigInt)
}

function isBigInt(field: FieldType | FieldSchema): boolean {
  if (typeof field === 'string') return field === 'bigint'
  if ('type' in field) return isBigInt(field.type)
  return 'fields' in field ? hasBigInt(field.fields) : isBigInt(field.listOf)
}
