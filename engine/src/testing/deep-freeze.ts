import { isPlainObject } from './deep-copy.ts'

/**
 * Freezes plain objects and arrays and all in them, so that writing to them throws. Instances of
 * classes, maps, sets and typed arrays stay as they are: freezing does not stop their methods.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (!Array.isArray(value) && !isPlainObject(value)) return value
  Object.freeze(value)
  for (const entry of Object.values(value)) deepFreeze(entry)
  return value
}
