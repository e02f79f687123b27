const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const QUARTER_MS = HOUR_MS / 4

/** The end of the year 1970. */
export const END_OF_1970_MS: number = 365 * DAY_MS

/** Timestamps of the first day of 1970 are taken for toys of examples and tests. */
export const TOY_TIMESTAMPS_END_MS: number = DAY_MS

/** The start of the year 2200: no clock of a producer shows it. */
const FAR_FUTURE_MS = 7_258_118_400_000

/** No time zone is further ahead of UTC. */
const ZONE_OFFSET_MS_MAX = 14 * HOUR_MS

/** How far two clocks may differ without either being wrong. */
const CLOCK_SKEW_MS = 2 * 60_000

/**
 * What is probably wrong with a timestamp that lies in 1970, in the far future, or ahead of the
 * clock by what a time zone is; undefined if nothing is.
 *
 * @param nowMs the wall time at which the record came. While it shows 1970 itself (in a simulation)
 *   there is nothing to compare with
 */
export function suspicionOf(timestampMs: number, nowMs: number): string | undefined {
  if (nowMs < END_OF_1970_MS) return undefined
  if (timestampMs >= TOY_TIMESTAMPS_END_MS && timestampMs < END_OF_1970_MS) {
    const asSeconds = new Date(timestampMs * 1_000).toISOString()
    return (
      `lies in 1970 (${new Date(timestampMs).toISOString()}); it is probably in seconds, which ` +
      `would be ${asSeconds}: multiply it by 1000`
    )
  }
  if (timestampMs >= FAR_FUTURE_MS) {
    return 'lies after the year 2200; it is probably in microseconds or nanoseconds: divide it'
  }
  const aheadMs = timestampMs - nowMs
  const offsetMs = Math.round(aheadMs / QUARTER_MS) * QUARTER_MS
  const isZoneOffset = offsetMs >= HOUR_MS && offsetMs <= ZONE_OFFSET_MS_MAX
  if (!isZoneOffset || Math.abs(aheadMs - offsetMs) > CLOCK_SKEW_MS) return undefined
  return (
    `is ahead of the clock by ${offsetMs / HOUR_MS} hours; a local time was probably read as UTC: ` +
    'parse it with its time zone'
  )
}
