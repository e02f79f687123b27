import { listState, type MapState, mapState, types, valueState } from '@millrace/engine'
import { lengthOf } from '../../engine/src/base/join-bytes.ts'
import type { HeapKeyedStateBackend } from '../../engine/src/state/heap/heap-keyed-state-backend.ts'
import { VOID_NAMESPACE } from '../../engine/src/state/namespace.ts'
import { heapBackend } from './heap-backend.ts'
import { type MicroCase, RECORDS } from './micro-case.ts'

const KEYS = 10_000

/** Makes keys of more than 32 bits of small ones. */
const WIDE = 2 ** 33

const orderType = types.row({ id: types.int, amount: types.number, city: types.string })

/** Entries of a list or a map of one key. */
const ENTRIES = 32

/** Entries of which snapshots keep the bytes. */
const LARGE = 16 * RECORDS

/** Keyed state on the heap: one operation per record, keys at random. */
export const stateCases: readonly MicroCase[] = [
  stateCase('heap-fold', (backend) => {
    const view = backend.table('sums', types.number).namespace('')
    for (let key = 0; key < KEYS; key++) view.put(key, 0)
    const highest = (value: number | undefined, input: number): number =>
      Math.max(value ?? 0, input)
    return (key) => {
      view.fold(key, key, highest)
      return view.get(key) ?? 0
    }
  }),
  stateCase('heap-value-get', (backend) => {
    const state = backend.getState(valueState('value', { type: types.int }))
    forEachKey(backend, (key) => state.update(key))
    return (key) => {
      backend.setCurrentKey(key)
      return state.value() ?? 0
    }
  }),
  stateCase('heap-value-update', (backend) => {
    const state = backend.getState(valueState('value', { type: types.int }))
    forEachKey(backend, (key) => state.update(key))
    return (key) => {
      backend.setCurrentKey(key)
      state.update(key + 1)
      return key
    }
  }),
  stateCase('heap-list-add', (backend) => {
    const state = backend.getListState(listState<number>('list', { type: types.int }))
    return (key) => {
      backend.setCurrentKey(key)
      state.add(key)
      if (state.get().length > ENTRIES) state.clear()
      return key
    }
  }),
  stateCase('heap-list-iterate', (backend) => {
    const state = backend.getListState(listState<number>('list', { type: types.int }))
    forEachKey(backend, () => state.update(Array.from({ length: ENTRIES }, (_, entry) => entry)))
    return (key) => {
      backend.setCurrentKey(key)
      let sum = 0
      for (const entry of state.get()) sum += entry
      return sum
    }
  }),
  ...mapCases(),
  stateCase('heap-wide-get', (backend) => {
    const state = backend.getState(valueState('value', { type: types.int }))
    forEachKey(backend, (key) => state.update(key), WIDE)
    return (key) => {
      backend.setCurrentKey(key * WIDE)
      return state.value() ?? 0
    }
  }),
  snapshotCase('heap-map-snapshot', (backend) => {
    const state = backend.getMapState(mapState('map', { keyType: types.int, type: types.int }))
    backend.setCurrentKey(1)
    for (let entry = 0; entry < RECORDS; entry++) state.put(entry, entry)
  }),
  snapshotCase('heap-value-snapshot', fillOrders(RECORDS)),
  // Nothing changes between two snapshots.
  snapshotCase('heap-large-value-snapshot', fillOrders(LARGE), LARGE),
  snapshotCase(
    'heap-large-map-snapshot',
    (backend) => {
      const state = backend.getMapState(mapState('map', { keyType: types.int, type: types.int }))
      backend.setCurrentKey(1)
      for (let entry = 0; entry < LARGE; entry++) state.put(entry, entry)
    },
    LARGE,
  ),
  {
    name: 'heap-timer-fire',
    records: RECORDS,
    prepare: () => {
      let fired = 0
      const backend = heapBackend()
      const target = { onEventTimer: () => void fired++, onProcessingTimer: () => {} }
      const timers = backend.timerService('timers', target)
      let nowMs = 0
      return () => {
        fired = 0
        for (let index = 0; index < RECORDS; index++) {
          backend.setCurrentKey((index * 7919) % KEYS)
          timers.registerEventTimeTimer(VOID_NAMESPACE, nowMs + (index % 16))
        }
        nowMs += 16
        backend.advanceWatermark(nowMs - 1)
        return fired
      }
    },
  },
]

/** A state that is asked for one thing per record. */
function stateCase(
  name: string,
  prepare: (backend: HeapKeyedStateBackend) => (key: number) => number,
): MicroCase {
  return {
    name,
    records: RECORDS,
    prepare: () => {
      const operate = prepare(heapBackend())
      const keys = Array.from({ length: RECORDS }, (_, index) => (index * 7919) % KEYS)
      return () => {
        let sum = 0
        for (const key of keys) sum += operate(key)
        return sum
      }
    },
  }
}

/** Gives keys an order each. */
function fillOrders(keys: number): (backend: HeapKeyedStateBackend) => void {
  return (backend) => {
    const state = backend.getState(valueState('value', { type: orderType }))
    for (let key = 0; key < keys; key++) {
      backend.setCurrentKey(key)
      state.update({ id: key, amount: key / 8, city: 'Porto' })
    }
  }
}

/** A snapshot of as many entries as there are records. */
function snapshotCase(
  name: string,
  fill: (backend: HeapKeyedStateBackend) => void,
  records: number = RECORDS,
): MicroCase {
  return {
    name,
    records,
    prepare: () => {
      const backend = heapBackend()
      fill(backend)
      let checkpointId = 0
      return () => {
        const snapshot = backend.snapshot(++checkpointId)
        while (!snapshot.advance(1_000)) {}
        return snapshot.sections().reduce((sum, { pieces }) => sum + lengthOf(pieces), 0)
      }
    },
  }
}

function mapCases(): readonly MicroCase[] {
  const descriptor = mapState<number, number>('map', { keyType: types.int, type: types.int })
  const filled = (backend: HeapKeyedStateBackend): MapState<number, number> => {
    const state = backend.getMapState(descriptor)
    forEachKey(backend, () => {
      for (let entry = 0; entry < ENTRIES; entry++) state.put(entry, entry)
    })
    return state
  }
  return [
    stateCase('heap-map-get', (backend) => {
      const state = filled(backend)
      return (key) => {
        backend.setCurrentKey(key)
        return state.get(key % ENTRIES) ?? 0
      }
    }),
    stateCase('heap-map-put', (backend) => {
      const state = filled(backend)
      return (key) => {
        backend.setCurrentKey(key)
        state.put(key % ENTRIES, key)
        return key
      }
    }),
    stateCase('heap-map-iterate', (backend) => {
      const state = filled(backend)
      return (key) => {
        backend.setCurrentKey(key)
        let sum = 0
        for (const value of state.values()) sum += value
        return sum
      }
    }),
  ]
}

function forEachKey(
  backend: HeapKeyedStateBackend,
  fill: (key: number) => void,
  step: number = 1,
): void {
  for (let key = 0; key < KEYS; key++) {
    backend.setCurrentKey(key * step)
    fill(key)
  }
}
