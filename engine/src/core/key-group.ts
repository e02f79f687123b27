import { assert } from '../base/engine-error.ts'

/** Max parallelism (the number of key groups) of a job that does not set one. */
export const MAX_PARALLELISM_DEFAULT = 128

/** Upper bound of max parallelism. */
export const MAX_PARALLELISM_LIMIT = 32_768

/** The key groups of one subtask: `first` to `last`, both included. */
export interface KeyGroupRange {
  readonly first: number
  readonly last: number
}

/** The key group of a key with the given 32-bit unsigned hash. The same at every parallelism. */
export function keyGroupOf(hash: number, maxParallelism: number): number {
  return hash % maxParallelism
}

/** The subtask that owns a key group. */
export function subtaskOfKeyGroup(
  keyGroup: number,
  maxParallelism: number,
  parallelism: number,
): number {
  return Math.floor((keyGroup * parallelism) / maxParallelism)
}

/**
 * The key groups that a subtask owns. The ranges of all subtasks are contiguous and cover every
 * group once.
 */
export function keyGroupRangeOf(
  subtaskIndex: number,
  maxParallelism: number,
  parallelism: number,
): KeyGroupRange {
  assert(
    parallelism <= maxParallelism,
    `parallelism ${parallelism} exceeds max parallelism ${maxParallelism}`,
  )
  return {
    first: Math.ceil((subtaskIndex * maxParallelism) / parallelism),
    last: Math.ceil(((subtaskIndex + 1) * maxParallelism) / parallelism) - 1,
  }
}
