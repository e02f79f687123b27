/**
 * A text that is equal exactly for equal values: fields in order of their names, undefined fields
 * left out, NaN, -0, bigints, dates, maps, sets and typed arrays told apart. For comparing the
 * outputs of two runs and for showing the difference.
 */
export function canonicalText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'bigint':
      return `${value}n`
    case 'object':
      return value === null ? 'null' : objectText(value)
    default:
      return String(value)
  }
}

function objectText(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  if (value instanceof Date) return `Date(${value.getTime()})`
  if (value instanceof Map) {
    const entries = [...value].map(
      ([key, entry]) => `${canonicalText(key)}=>${canonicalText(entry)}`,
    )
    return `Map{${entries.sort().join(',')}}`
  }
  if (value instanceof Set) return `Set{${[...value].map(canonicalText).sort().join(',')}}`
  const name: string = value.constructor?.name ?? ''
  if (ArrayBuffer.isView(value) && Symbol.iterator in value) {
    return `${name}[${[...(value as Iterable<unknown> & ArrayBufferView)].join(',')}]`
  }
  const fields = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .map(([key, entry]) => `${JSON.stringify(key)}:${canonicalText(entry)}`)
  const className = name === 'Object' ? '' : name
  return `${className}{${fields.sort().join(',')}}`
}
