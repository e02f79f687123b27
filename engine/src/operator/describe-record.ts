/** How much of a record an error message shows. */
const DESCRIPTION_CHARACTERS_MAX = 200

/**
 * A record as text for error messages: JSON, cut to 200 characters. Never throws, whatever the
 * record holds (cycles, `bigint`, throwing getters).
 */
export function describeRecord(record: unknown): string {
  const text = textOf(record)
  if (text.length <= DESCRIPTION_CHARACTERS_MAX) return text
  return `${text.slice(0, DESCRIPTION_CHARACTERS_MAX)}...`
}

/** The message of whatever was thrown. Never throws. */
export function describeError(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  } catch {
    return 'an error that cannot be shown'
  }
}

function textOf(record: unknown): string {
  try {
    return JSON.stringify(record, plainForm) ?? String(record)
  } catch {
    try {
      return String(record)
    } catch {
      return 'a record that cannot be shown'
    }
  }
}

/** Shows what JSON would refuse or hide. */
function plainForm(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof Map) return { map: [...value] }
  if (value instanceof Set) return { set: [...value] }
  return value
}
