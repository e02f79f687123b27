import { types } from '@millrace/engine'
import { HeapKeyedStateBackend } from '../../engine/src/state/heap/heap-keyed-state-backend.ts'
import { type MicroCase, RECORDS } from './micro-case.ts'

const KEYS = 10_000

/** Keyed state on the heap. */
export const stateCases: readonly MicroCase[] = [
  {
    name: 'heap-fold',
    records: RECORDS,
    prepare: () => {
      const backend = new HeapKeyedStateBackend({
        keyGroupRange: { first: 0, last: 127 },
        maxParallelism: 128,
        keyType: types.int,
        processingTime: { nowMs: () => 0, schedule: () => ({ cancel: () => {} }) },
      })
      const view = backend.table('sums', types.number).namespace('')
      for (let key = 0; key < KEYS; key++) view.put(key, 0)
      const keys = Array.from({ length: RECORDS }, (_, index) => (index * 7919) % KEYS)
      const highest = (value: number | undefined, input: number): number =>
        Math.max(value ?? 0, input)
      return () => {
        for (const key of keys) view.fold(key, key, highest)
        let sum = 0
        for (const key of keys) sum += view.get(key) ?? 0
        return sum
      }
    },
  },
]
