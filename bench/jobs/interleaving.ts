import type { JobSize } from './checked-job.ts'

/**
 * Tells which index a number of a sequence stands for, so that subtasks which read one range of
 * numbers each go through the indexes side by side: a job over event time reads the same records at
 * any parallelism, and its subtasks are at the same time.
 *
 * @throws RangeError if the records cannot be dealt evenly
 */
export function interleaving({ records, parallelism }: JobSize): (n: number) => number {
  const share = records / parallelism
  if (!Number.isInteger(share)) {
    throw new RangeError(`${records} records cannot be dealt evenly to ${parallelism} subtasks`)
  }
  if (parallelism === 1) return (n) => n
  return (n) => (n % share) * parallelism + ((n / share) | 0)
}
