/** Deeper than any accumulator is; ends the walk over one that holds itself. */
const DEEPEST = 8

/**
 * Roughly how many words of memory contents take: one for a number, more for what can grow. Not
 * finite for objects of classes, which may hide anything.
 */
export function contentsSize(value: unknown, depth = 0): number {
  if (typeof value === 'string') return 1 + value.length / 8
  if (typeof value !== 'object' || value === null) return 1
  if (ArrayBuffer.isView(value)) return 1 + value.byteLength / 8
  if (depth === DEEPEST) return Number.POSITIVE_INFINITY
  if (Array.isArray(value) || value instanceof Set) return 1 + sumOf(value, depth + 1)
  if (value instanceof Map)
    return 1 + sumOf(value.keys(), depth + 1) + sumOf(value.values(), depth + 1)
  if (value instanceof Date) return 1
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return Number.POSITIVE_INFINITY
  let size = 1
  for (const name in value) {
    const field: unknown = (value as Record<string, unknown>)[name]
    size += typeof field === 'number' ? 1 : contentsSize(field, depth + 1)
  }
  return size
}

function sumOf(values: Iterable<unknown>, depth: number): number {
  let size = 0
  for (const value of values) size += contentsSize(value, depth)
  return size
}
