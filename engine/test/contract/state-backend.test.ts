import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HeapKeyedStateBackend } from '../../src/state/heap/heap-keyed-state-backend.ts'
import { stateBackendContract } from './state-backend-contract.ts'
import type { BackendFactory } from './state-cluster.ts'
import { StateHistory } from './state-history.ts'
import { histories } from './state-operations.ts'

const onWheel: BackendFactory = (options) => new HeapKeyedStateBackend(options)
const onHeap: BackendFactory = (options) =>
  new HeapKeyedStateBackend({ ...options, timerQueue: 'heap' })

stateBackendContract('heap', onWheel)
stateBackendContract('heap, with timers on a heap too', onHeap)
stateBackendContract(
  'heap, typed from the first entry on',
  (options) => new HeapKeyedStateBackend({ ...options, mapLimit: 0 }),
)

test('timers on the wheel and on the heap fire in the same order, after restores as well', () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 3 }), (operations, parallelism) => {
      const [wheel, heap] = [onWheel, onHeap].map((make) => new StateHistory(make, parallelism))
      wheel?.run(operations)
      heap?.run(operations)
      expect(wheel?.fired).toEqual(heap?.fired)
    }),
    { seed: 20261127, numRuns: 150 },
  )
})
