import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { KeySelector } from '../../operator/function/functions.ts'

/** A key selector, or the field that is the key. */
export type KeyOf<T> = KeySelector<T, unknown> | (keyof T & (string | number))

/** The selector behind either form. */
export function keySelectorOf<T>(key: KeyOf<T>): KeySelector<T, unknown> {
  return typeof key === 'function' ? key : (record) => record[key]
}

/**
 * A selector for the operator behind the shuffle that refuses records without a key: there the
 * error names the record, and the record error policy may let the job go on without it.
 *
 * @param use what the key is for, in the words of the program: `groupBy`
 */
export function requireKey<T, K>(selector: KeySelector<T, K>, use: string): KeySelector<T, K> {
  return (record) => {
    const key = selector(record)
    if (isMissing(key) || (typeof key === 'object' && hasMissingPart(key as object))) {
      throw missingKey(key, use)
    }
    return key
  }
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null
}

/** True if a part of a composite key is missing: `[shop, undefined]`, `{ shop: null }`. */
function hasMissingPart(key: object): boolean {
  if (Array.isArray(key)) return key.some(isMissing)
  for (const field in key) if (isMissing(key[field as keyof typeof key])) return true
  return false
}

function missingKey(key: unknown, use: string): EngineError {
  const found = isMissing(key) ? `is ${String(key)}` : 'has a part that is null or undefined'
  return new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `the key of ${use} ${found}, and a missing key equals no other; filter such records out ` +
      'before, or give them a key of their own, such as an empty string',
  )
}
