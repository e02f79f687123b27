import { types } from '@millrace/engine'
import { HeapKeyedStateBackend } from '../../engine/src/state/heap/heap-keyed-state-backend.ts'
import type { TimerQueueKind } from '../../engine/src/state/heap/heap-timer-service.ts'

/** A heap backend for integer keys, as an operator at parallelism 1 has it. */
export function heapBackend(timerQueue?: TimerQueueKind): HeapKeyedStateBackend {
  return new HeapKeyedStateBackend({
    keyGroupRange: { first: 0, last: 127 },
    maxParallelism: 128,
    keyType: types.int,
    timerQueue,
    processingTime: { nowMs: () => 0, schedule: () => ({ cancel: () => {} }) },
  })
}
