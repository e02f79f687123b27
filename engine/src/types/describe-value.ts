/** Longest text of a value in a message; more would drown the message. */
const MAX_LENGTH = 60

/** A value as an error message shows it: its kind, and its content when that is short. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${shorten(JSON.stringify(value.slice(0, MAX_LENGTH + 1)))}`
    case 'number':
      return `the number ${Object.is(value, -0) ? '-0' : value}`
    case 'bigint':
      return `the bigint ${shorten(value.toString(16).length > MAX_LENGTH ? '(long)' : `${value}n`)}`
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'symbol':
      return 'a symbol'
    case 'function':
      return `the function ${shorten(value.name || '(without a name)')}`
    default:
      return value === null ? 'null' : describeObject(value as object)
  }
}

/** The name of the class of an object, `Object` for a plain one. */
export function className(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null) return 'Object'
  const made: unknown = (prototype as { constructor?: unknown }).constructor
  return typeof made === 'function' ? made.name || '(anonymous)' : '(unknown)'
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return `an array of ${value.length}`
  const name = className(value)
  if (name !== 'Object') return `an instance of ${shorten(name)}`
  return `an object with fields ${shorten(Object.keys(value).slice(0, MAX_LENGTH).join(', ') || '(none)')}`
}

function shorten(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
}
