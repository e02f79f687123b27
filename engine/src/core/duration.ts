/** `count` seconds in milliseconds, the unit of every duration of the engine. */
export function seconds(count: number): number {
  return count * 1_000
}

/** `count` minutes in milliseconds. */
export function minutes(count: number): number {
  return count * 60_000
}

/** `count` hours in milliseconds. */
export function hours(count: number): number {
  return count * 3_600_000
}

/** `count` days of 24 hours in milliseconds. */
export function days(count: number): number {
  return count * 86_400_000
}
