import { keyGroupOf, subtaskOfKeyGroup } from '../core/key-group.ts'
import { hashKey } from '../types/key-hash.ts'

/** How the records of one input find their subtask. */
export type InputRouting =
  | { readonly kind: 'keyed'; readonly keyBy: (value: never) => unknown }
  | { readonly kind: 'broadcast' }
  | { readonly kind: 'round-robin' }

/** The subtask that owns a key. */
export function subtaskOfKey(key: unknown, maxParallelism: number, parallelism: number): number {
  return subtaskOfKeyGroup(keyGroupOf(hashKey(key), maxParallelism), maxParallelism, parallelism)
}
