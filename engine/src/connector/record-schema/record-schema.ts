import type { TimestampFormat } from './timestamp-format.ts'

/**
 * What a field holds.
 *
 * - `string`, `boolean`, `number` (finite), `integer` (safe integer);
 * - `bigint`: digits in a string, or an integer; one beyond 2^53 only where the platform tells how
 *   a number was written (Node and recent browsers do);
 * - `timestamp`: milliseconds since 1970 in the record, written as {@link FieldSchema.format} says;
 * - `json`: any value as it is;
 * - an object schema, or a list of one of these.
 */
export type FieldType =
  | 'string'
  | 'boolean'
  | 'number'
  | 'integer'
  | 'bigint'
  | 'timestamp'
  | 'json'
  | { readonly fields: RecordSchema }
  | { readonly listOf: FieldType | FieldSchema }

/** A field with more than a type. */
export interface FieldSchema {
  readonly type: FieldType
  /** True if the field may be missing or null; it is null in the record then. Default false. */
  readonly optional?: boolean
  /** Stands in for a missing or null field, which makes it optional. */
  readonly default?: unknown
  /** How a timestamp is written. Default `iso-8601`. */
  readonly format?: TimestampFormat
}

/** The fields of a record by name; a type alone means that the field is required. */
export interface RecordSchema {
  readonly [name: string]: FieldType | FieldSchema
}

/** What happens to fields that the schema does not name. */
export type ExtraFields = 'drop' | 'keep' | 'error'
