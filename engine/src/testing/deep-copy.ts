/**
 * A copy of plain data: objects, arrays, maps, sets, dates and typed arrays are copied, everything
 * else (primitives, functions, instances of classes) is shared, since only its class knows how to
 * copy it.
 */
export function deepCopy<T>(value: T): T {
  return copy(value, new Map()) as T
}

function copy(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const known = seen.get(value)
  if (known !== undefined) return known
  if (Array.isArray(value)) {
    const array: unknown[] = []
    seen.set(value, array)
    for (const element of value) array.push(copy(element, seen))
    return array
  }
  if (value instanceof Map) {
    const map = new Map()
    seen.set(value, map)
    for (const [key, entry] of value) map.set(copy(key, seen), copy(entry, seen))
    return map
  }
  if (value instanceof Set) {
    const set = new Set()
    seen.set(value, set)
    for (const element of value) set.add(copy(element, seen))
    return set
  }
  if (value instanceof Date) return new Date(value.getTime())
  if (ArrayBuffer.isView(value) && 'slice' in value && typeof value.slice === 'function') {
    return value.slice()
  }
  return isPlainObject(value) ? copyObject(value, seen) : value
}

function copyObject(value: object, seen: Map<object, unknown>): object {
  const object: Record<string, unknown> = Object.create(Object.getPrototypeOf(value))
  seen.set(value, object)
  for (const [key, entry] of Object.entries(value)) object[key] = copy(entry, seen)
  return object
}

/** True for object literals and objects without a prototype. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
