import { mix } from '../digest/mix.ts'

/** A record of the job. */
export interface Reading {
  readonly sensor: number
  readonly celsius: number
  readonly timeMs: number
}

/** How many sensors there are: the keys of the job. */
export const SENSORS = 1_000

/** Size of the tumbling windows. */
export const WINDOW_MS = 10_000

const READINGS_PER_MS = 100

/** Event time of a reading, which never goes back. */
export function timeOf(index: number): number {
  return Math.floor(index / READINGS_PER_MS)
}

/** The reading of an index. The job's map function, and what the loop calls in its place. */
export function toReading(index: number): Reading {
  const word = mix(index)
  return { sensor: word % SENSORS, celsius: (word >>> 16) / 1_000, timeMs: timeOf(index) }
}

/** Drops about one reading in eight. The job's filter, and what the loop calls in its place. */
export function isPlausible(reading: Reading): boolean {
  return reading.celsius < 57
}
