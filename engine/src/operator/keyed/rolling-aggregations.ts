import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { describeRecord } from '../describe-record.ts'

/**
 * The name of a record's field, or the position in a record that is an array. Undefined means the
 * record itself, for streams of plain numbers, strings or dates.
 */
export type FieldRef<T> = (keyof T & (string | number)) | undefined

/** Reads the value that records are compared by. */
export type FieldSelector<T> = (value: T) => unknown

/** How {@link minBy} and {@link maxBy} choose between equal records. */
export interface TieOptions {
  /** True (the default) keeps the record that came first, false takes the last one. */
  readonly first?: boolean
}

/** A reduce function that adds up a field; the other fields stay those of the first record. */
export function sum<T>(field?: FieldRef<T>): (left: T, right: T) => T {
  return (left, right) => withField(left, field, add(left, right, field))
}

/** A reduce function for the lowest value of a field; all other fields stay the first record's. */
export function min<T>(field?: FieldRef<T>): (left: T, right: T) => T {
  return (left, right) => {
    const lowest = fieldOf(right, field)
    return compare(lowest, fieldOf(left, field)) < 0 ? withField(left, field, lowest) : left
  }
}

/** A reduce function for the highest value of a field; all other fields stay the first record's. */
export function max<T>(field?: FieldRef<T>): (left: T, right: T) => T {
  return (left, right) => {
    const highest = fieldOf(right, field)
    return compare(highest, fieldOf(left, field)) > 0 ? withField(left, field, highest) : left
  }
}

/** A reduce function for the whole record with the lowest value. */
export function minBy<T>(
  field: FieldRef<T> | FieldSelector<T>,
  options: TieOptions = {},
): (left: T, right: T) => T {
  return extremeBy(field, -1, options.first ?? true)
}

/** A reduce function for the whole record with the highest value. */
export function maxBy<T>(
  field: FieldRef<T> | FieldSelector<T>,
  options: TieOptions = {},
): (left: T, right: T) => T {
  return extremeBy(field, 1, options.first ?? true)
}

function extremeBy<T>(
  field: FieldRef<T> | FieldSelector<T>,
  sign: 1 | -1,
  keepsFirst: boolean,
): (left: T, right: T) => T {
  const select = typeof field === 'function' ? field : (value: T): unknown => fieldOf(value, field)
  return (left, right) => {
    const order = compare(select(right), select(left)) * sign
    return order > 0 || (order === 0 && !keepsFirst) ? right : left
  }
}

function fieldOf<T>(value: T, field: FieldRef<T>): unknown {
  return field === undefined ? value : value[field]
}

/** A copy of `value`, since records are immutable, with one field replaced. */
function withField<T>(value: T, field: FieldRef<T>, fieldValue: unknown): T {
  if (field === undefined) return fieldValue as T
  if (Array.isArray(value)) return value.with(Number(field), fieldValue) as T
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype) return { ...value, [field]: fieldValue }
  return Object.assign(Object.create(prototype as object | null), value, {
    [field]: fieldValue,
  }) as T
}

function add<T>(left: T, right: T, field: FieldRef<T>): number | bigint {
  const a = fieldOf(left, field)
  const b = fieldOf(right, field)
  if (typeof a === 'number' && typeof b === 'number') return a + b
  if (typeof a === 'bigint' && typeof b === 'bigint') return a + b
  throw new EngineError(
    ErrorCode.TYPE_MISMATCH,
    `sum${of(field)} needs two numbers or two bigints, but has ${describeRecord(a)} and ` +
      describeRecord(b),
  )
}

/** Orders two values of one type; NaN is above all numbers. */
function compare(left: unknown, right: unknown): number {
  const a = left instanceof Date ? left.getTime() : left
  const b = right instanceof Date ? right.getTime() : right
  if (typeof a !== typeof b || !isComparable(a) || !isComparable(b)) {
    throw new EngineError(
      ErrorCode.TYPE_MISMATCH,
      'min and max compare numbers, bigints, strings, booleans or dates of one type, but have ' +
        `${describeRecord(left)} and ${describeRecord(right)}`,
    )
  }
  if (a < b) return -1
  if (a > b) return 1
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}

function isComparable(value: unknown): value is number | bigint | string | boolean {
  return (
    value !== undefined && value !== null && typeof value !== 'object' && typeof value !== 'symbol'
  )
}

function of(field: unknown): string {
  return field === undefined ? '' : ` of field '${String(field)}'`
}
