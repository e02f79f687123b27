/**
 * `count` seconds in milliseconds, the unit of every duration of the engine.
 *
 * ```ts
 * seconds(1.5) // => 1500
 * ```
 */
export function seconds(count: number): number {
  return count * 1_000
}

/**
 * `count` minutes in milliseconds.
 *
 * ```ts
 * minutes(5) // => 300_000
 * ```
 */
export function minutes(count: number): number {
  return count * 60_000
}

/**
 * `count` hours in milliseconds.
 *
 * ```ts
 * hours(1) // => 3_600_000
 * ```
 */
export function hours(count: number): number {
  return count * 3_600_000
}

/**
 * `count` days of 24 hours in milliseconds.
 *
 * ```ts
 * days(1) // => 86_400_000
 * ```
 */
export function days(count: number): number {
  return count * 86_400_000
}
