const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** The day of a time, counted from 1970. */
export function dayOf(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS)
}

/** A day as text: `yyyy-MM-dd`. The last one is remembered. */
export function dayText(day: number): string {
  if (day !== lastDay) {
    lastDay = day
    lastDayText = new Date(day * DAY_MS).toISOString().slice(0, 10)
  }
  return lastDayText
}

let lastDay = Number.NaN
let lastDayText = ''

/** The minute of the day of a time. */
export function minuteOf(timeMs: number): number {
  return Math.floor((timeMs % DAY_MS) / MINUTE_MS)
}

/** A minute of the day as text: `HH:mm`. */
export function minuteText(minute: number): string {
  return MINUTE_TEXTS[minute] as string
}

const MINUTE_TEXTS: readonly string[] = Array.from({ length: DAY_MS / MINUTE_MS }, (_, minute) =>
  new Date(minute * MINUTE_MS).toISOString().slice(11, 16),
)
