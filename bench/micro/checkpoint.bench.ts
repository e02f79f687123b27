import { types } from '@millrace/engine'
import { lengthOf } from '../../engine/src/base/join-bytes.ts'
import { heapBackend } from './heap-backend.ts'
import type { MicroCase } from './micro-case.ts'

const KEYS = 10_240

/** Entries that are serialized between two batches. */
const SLICE = 1_024

/** Snapshots of all keys: nothing else happens, or every key is written while it is open. */
export const checkpointCases: readonly MicroCase[] = [
  snapshotCase('heap-snapshot', 0),
  snapshotCase('heap-snapshot-under-writes', SLICE),
]

/** @param writes how many keys are written between two slices of a snapshot */
function snapshotCase(name: string, writes: number): MicroCase {
  return {
    name,
    records: KEYS,
    prepare: () => {
      const backend = heapBackend()
      const view = backend.table('sums', types.int).namespace('')
      for (let key = 0; key < KEYS; key++) view.put(key, key)
      let checkpointId = 0
      return () => {
        // An entry of each block of slots: the bytes of one that did not change would be kept.
        for (let key = 0; key < KEYS; key += SLICE) view.put(key, key)
        const snapshot = backend.snapshot(++checkpointId)
        let next = 0
        for (let isDone = false; !isDone; ) {
          isDone = snapshot.advance(SLICE)
          for (let write = 0; write < writes; write++) {
            view.put((next * 7919) % KEYS, (next * 7919) % KEYS)
            next++
          }
        }
        return snapshot.sections().reduce((sum, { pieces }) => sum + lengthOf(pieces), 0)
      }
    },
  }
}
