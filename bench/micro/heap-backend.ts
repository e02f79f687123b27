import { types } from '@millrace/engine'
import {
  HeapKeyedStateBackend,
  type HeapKeyedStateBackendOptions,
} from '../../engine/src/state/heap/heap-keyed-state-backend.ts'

/**
 * A heap backend for integer keys, as an operator at parallelism 1 has it.
 * @param twins what to measure in place of the wheel, or of typed tables
 */
export function heapBackend(
  twins: Pick<HeapKeyedStateBackendOptions, 'timerQueue' | 'mapLimit'> = {},
): HeapKeyedStateBackend {
  return new HeapKeyedStateBackend({
    keyGroupRange: { first: 0, last: 127 },
    maxParallelism: 128,
    keyType: types.int,
    ...twins,
    processingTime: { nowMs: () => 0, schedule: () => ({ cancel: () => {} }) },
  })
}
