/**
 * How a point in time is written: `iso-8601` (`2024-05-01T10:00:00.5Z`, an offset or `Z` required),
 * `sql` (`2024-05-01 10:00:00.5`, taken as UTC), `epoch-ms` and `epoch-s` (numbers since 1970).
 */
export type TimestampFormat = 'iso-8601' | 'sql' | 'epoch-ms' | 'epoch-s'

const date = String.raw`(\d{4})-(\d{2})-(\d{2})`
const time = String.raw`(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?`
const iso = new RegExp(`^${date}T${time}(Z|[+-]\\d{2}:?\\d{2})$`)
const sql = new RegExp(`^${date} ${time}$`)

/** Milliseconds since 1970, or undefined if `text` is no such timestamp. */
export function parseTimestamp(text: string, format: TimestampFormat): number | undefined {
  if (format === 'epoch-ms' || format === 'epoch-s') {
    if (!/^-?\d+(\.\d+)?$/.test(text)) return undefined
    return epochMs(Number(text), format)
  }
  const parts = (format === 'sql' ? sql : iso).exec(text)
  if (parts === null) return undefined
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const fraction = Math.floor(Number(`0.${parts[7] ?? 0}`) * 1_000)
  const utcMs = Date.UTC(year, month - 1, day, hour, minute, second, fraction)
  const back = new Date(utcMs)
  // Date.UTC makes the 1st of March of the 30th of February.
  const isReal = back.getUTCMonth() === month - 1 && back.getUTCDate() === day
  if (!isReal || hour > 23 || minute > 59 || second > 59) return undefined
  return utcMs - offsetMs(parts[8] ?? 'Z')
}

/** Milliseconds since 1970 of a number in the given format. */
export function epochMs(value: number, format: 'epoch-ms' | 'epoch-s'): number | undefined {
  const ms = format === 'epoch-s' ? value * 1_000 : value
  return Math.abs(ms) <= 8.64e15 ? Math.floor(ms) : undefined
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0
  const digits = offset.replace(':', '')
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5))
  return (digits.startsWith('-') ? -minutes : minutes) * 60_000
}
