import { expect } from 'vitest'
import type { KeyedStateStore } from '../../src/state/keyed-state.ts'
import type { KeyedStateBackend } from '../../src/state/keyed-state-backend.ts'
import type { Namespace } from '../../src/state/namespace.ts'
import type { StateSection } from '../../src/state/state-section.ts'
import {
  type BackendFactory,
  foldTally,
  STATES,
  StateCluster,
  type Tally,
} from './state-cluster.ts'
import {
  cellName,
  changeCell,
  copyModel,
  emptyModel,
  type Firing,
  fireModel,
  type ModelTimer,
  type StateModel,
  timerName,
} from './state-model.ts'
import {
  KEYS,
  NAMESPACES,
  type StateOperation,
  type StateWrite,
  type TimerChange,
} from './state-operations.ts'

const MAP_KEYS: readonly unknown[] = ['x', 1, [1], { f: 1 }]
const STATE_NAMES = ['value', 'list', 'map', 'reducing', 'aggregating', 'table'] as const

/** Runs a history on a cluster of backends and on the model, and compares them. */
export class StateHistory {
  /** All timers that fired, those of each subtask in their order. */
  readonly fired: Firing[] = []
  readonly #make: BackendFactory
  #cluster: StateCluster
  #model: StateModel = emptyModel()
  #atBarrier: StateModel | undefined
  #last: { readonly sections: (readonly StateSection[])[]; readonly model: StateModel } | undefined
  #nextCheckpointId = 1
  #clockMs = 0

  constructor(make: BackendFactory, parallelism: number) {
    this.#make = make
    this.#cluster = this.#follow(new StateCluster(make, parallelism))
  }

  run(operations: readonly StateOperation[]): void {
    for (const operation of operations) this.#step(operation)
    if (this.#cluster.isSnapshotOpen) this.#advance(1_000_000)
    expectEqual(this.#cluster, this.#model)
    this.#cluster.begin(this.#nextCheckpointId++)
    this.#atBarrier = copyModel(this.#model)
    this.#advance(1_000_000)
  }

  #step(operation: StateOperation): void {
    switch (operation.kind) {
      case 'write':
        this.#write(operation.write, KEYS[operation.key], NAMESPACES[operation.ns] ?? '')
        break
      case 'timer':
        this.#timer(operation.timer, KEYS[operation.key], NAMESPACES[operation.ns] ?? '')
        break
      case 'removeNamespace':
        this.#removeNamespace(NAMESPACES[operation.ns] ?? '')
        break
      case 'watermark':
        this.#watermark(operation.byMs)
        break
      case 'clock':
        this.#clock(operation.byMs)
        break
      case 'begin':
        this.#begin()
        break
      case 'advance':
        this.#advance(operation.entries)
        break
      case 'finish':
        this.#advance(1_000_000)
        break
      case 'abort':
        this.#cluster.abort()
        this.#atBarrier = undefined
        return
      case 'restore':
        this.#restore(operation.parallelism)
        break
    }
  }

  #begin(): void {
    if (this.#cluster.isSnapshotOpen) return
    this.#cluster.begin(this.#nextCheckpointId++)
    this.#atBarrier = copyModel(this.#model)
  }

  /** The main property: the snapshot is the state at the barrier, whatever was written since. */
  #advance(entries: number): void {
    if (this.#atBarrier === undefined) return
    const sections = this.#cluster.advance(entries)
    if (sections === undefined) return
    const model = this.#atBarrier
    this.#atBarrier = undefined
    this.#last = { sections, model }
    const parallelism = (this.#nextCheckpointId % 4) + 1
    const restored = new StateCluster(this.#make, parallelism, sections)
    expectEqual(restored, model)
    expect(sorted(restored.drainTimers())).toEqual(sorted([...model.timers.values()]))
  }

  #restore(parallelism: number): void {
    if (this.#last === undefined) return
    for (const backend of this.#cluster.backends) backend.dispose()
    this.#atBarrier = undefined
    this.#model = copyModel(this.#last.model)
    this.#model.watermarkMs = Number.MIN_SAFE_INTEGER
    this.#cluster = this.#follow(new StateCluster(this.#make, parallelism, this.#last.sections))
    // Overdue processing-time timers fire at once.
    this.#clock(0)
  }

  #watermark(byMs: number): void {
    this.#model.watermarkMs = Math.max(0, this.#model.watermarkMs) + byMs
    const { watermarkMs } = this.#model
    for (const backend of this.#cluster.backends) backend.advanceWatermark(watermarkMs)
    this.#expectFired(fireModel(this.#model, 'event', watermarkMs, (timer) => this.#again(timer)))
  }

  #clock(byMs: number): void {
    this.#clockMs += byMs
    this.#cluster.time.turnTo(this.#clockMs)
    const again = (timer: ModelTimer): void => this.#again(timer)
    this.#expectFired(fireModel(this.#model, 'processing', this.#clockMs, again))
  }

  #expectFired(expected: readonly Firing[]): void {
    for (const fired of this.#cluster.firings) {
      const times = fired.map((firing) => firing.timestampMs)
      expect(times).toEqual([...times].sort((left, right) => left - right))
    }
    const fired = this.#cluster.firings.flatMap((each) => each.splice(0))
    this.fired.push(...fired)
    expect(sorted(fired)).toEqual(sorted(expected))
  }

  /** Some timers register another one when they fire, in the model and in the backends alike. */
  #follow(cluster: StateCluster): StateCluster {
    cluster.onFire = (service, firing) => {
      const next = follower(firing)
      if (next === undefined) return
      if (next.domain === 'event') service.registerEventTimeTimer(next.namespace, next.timestampMs)
      else service.registerProcessingTimeTimer(next.namespace, next.timestampMs)
    }
    return cluster
  }

  #again(timer: ModelTimer): void {
    const next = follower(timer)
    if (next !== undefined) this.#model.timers.set(timerName(next), next)
  }

  #timer(change: TimerChange, key: unknown, namespace: Namespace): void {
    const { domain, isDelete, timestampMs } = change
    this.#cluster.at(key)
    const service = this.#cluster.services[this.#cluster.subtaskOf(key)]
    const timer: ModelTimer = { domain, key, namespace, timestampMs }
    if (isDelete) {
      if (domain === 'event') service?.deleteEventTimeTimer(namespace, timestampMs)
      else service?.deleteProcessingTimeTimer(namespace, timestampMs)
      this.#model.timers.delete(timerName(timer))
    } else {
      if (domain === 'event') service?.registerEventTimeTimer(namespace, timestampMs)
      else service?.registerProcessingTimeTimer(namespace, timestampMs)
      this.#model.timers.set(timerName(timer), timer)
      this.#clock(0)
    }
  }

  #removeNamespace(namespace: Namespace): void {
    const { name, type } = STATES.table
    for (const backend of this.#cluster.backends) {
      backend.table(name, type).removeNamespace(namespace)
    }
    for (const key of KEYS) this.#model.cells.delete(cellName('table', namespace, key))
  }

  #write(write: StateWrite, key: unknown, namespace: Namespace): void {
    writeBackend(this.#cluster.at(key), write, key, namespace)
    writeModel(this.#model, write, key, namespace)
  }
}

function follower(timer: ModelTimer): ModelTimer | undefined {
  if (timer.timestampMs % 7 !== 0 || timer.timestampMs > 100) return undefined
  return { ...timer, timestampMs: timer.timestampMs + 3 }
}

function writeBackend(
  backend: KeyedStateBackend,
  write: StateWrite,
  key: unknown,
  namespace: Namespace,
): void {
  const store: KeyedStateStore = namespace === '' ? backend : backend.namespaced(namespace)
  switch (write.on) {
    case 'value':
      store.getState(STATES.value).update({ total: write.n, seen: [write.n] })
      break
    case 'mutate': {
      // Not what users should do, but what they do: change the object that was read.
      const tally = store.getState(STATES.value).value()
      if (tally !== undefined) store.getState(STATES.value).update(foldTally(tally, write.n))
      return
    }
    case 'list.add':
      store.getListState(STATES.list).add(write.n)
      break
    case 'list.update':
      store.getListState(STATES.list).update(write.values)
      break
    case 'map.put':
      store.getMapState(STATES.map).put(MAP_KEYS[write.at], write.n)
      break
    case 'map.remove':
      store.getMapState(STATES.map).remove(MAP_KEYS[write.at])
      break
    case 'reducing':
      store.getReducingState(STATES.reducing).add(write.n)
      break
    case 'aggregating':
      store.getAggregatingState(STATES.aggregating).add(write.n)
      break
    case 'fold': {
      const { name, type } = STATES.table
      backend.table(name, type).namespace(namespace).fold(key, write.n, foldTally)
      break
    }
    case 'clear':
      clear(backend, store, STATE_NAMES[write.state] ?? 'value', namespace)
      break
  }
}

function clear(
  backend: KeyedStateBackend,
  store: KeyedStateStore,
  state: (typeof STATE_NAMES)[number],
  namespace: Namespace,
): void {
  switch (state) {
    case 'value':
      store.getState(STATES.value).clear()
      break
    case 'list':
      store.getListState(STATES.list).clear()
      break
    case 'map':
      store.getMapState(STATES.map).clear()
      break
    case 'reducing':
      store.getReducingState(STATES.reducing).clear()
      break
    case 'aggregating':
      store.getAggregatingState(STATES.aggregating).clear()
      break
    case 'table':
      backend.table(STATES.table.name, STATES.table.type).remove(namespace)
      break
  }
}

function writeModel(
  model: StateModel,
  write: StateWrite,
  key: unknown,
  namespace: Namespace,
): void {
  const change = (state: string, to: (before: never) => unknown): void =>
    changeCell(model, cellName(state, namespace, key), to as (before: unknown) => unknown)
  switch (write.on) {
    case 'value':
      change('value', () => ({ total: write.n, seen: [write.n] }))
      break
    case 'mutate':
      change('value', (tally: Tally | undefined) => tally && foldTally(tally, write.n))
      break
    case 'list.add':
      change('list', (list: number[] | undefined) => [...(list ?? []), write.n])
      break
    case 'list.update':
      change('list', () => (write.values.length === 0 ? undefined : [...write.values]))
      break
    case 'map.put':
      change('map', (map: Record<string, number> | undefined) => ({
        ...map,
        [JSON.stringify(MAP_KEYS[write.at])]: write.n,
      }))
      break
    case 'map.remove':
      change('map', (map: Record<string, number> | undefined) => {
        const { [JSON.stringify(MAP_KEYS[write.at])]: _, ...rest } = map ?? {}
        return Object.keys(rest).length === 0 ? undefined : rest
      })
      break
    case 'reducing':
      change('reducing', (sum: number | undefined) => (sum ?? 0) + write.n)
      break
    case 'aggregating':
      change('aggregating', (sum: number | undefined) => (sum ?? 0) + write.n)
      break
    case 'fold':
      change('table', (tally: Tally | undefined) => foldTally(tally, write.n))
      break
    case 'clear':
      change(STATE_NAMES[write.state] ?? 'value', () => undefined)
      break
  }
}

/** Reads every cell of the small world of keys, namespaces and states. */
function expectEqual(cluster: StateCluster, model: StateModel): void {
  const cells = new Map<string, unknown>()
  let timerCount = 0
  let entryCount = 0
  for (const backend of cluster.backends) {
    timerCount += backend.size.timers
    entryCount += backend.size.entries
  }
  expect([entryCount, timerCount]).toEqual([model.cells.size, model.timers.size])
  for (const key of KEYS) {
    for (const namespace of NAMESPACES) readCells(cluster.at(key), key, namespace, cells)
  }
  expect(new Map([...cells].sort())).toEqual(new Map([...model.cells].sort()))
}

function readCells(
  backend: KeyedStateBackend,
  key: unknown,
  namespace: Namespace,
  cells: Map<string, unknown>,
): void {
  const store = backend.namespaced(namespace)
  const put = (state: string, value: unknown): void => {
    if (value !== undefined) cells.set(cellName(state, namespace, key), value)
  }
  const list = store.getListState(STATES.list).get()
  const map = store.getMapState(STATES.map)
  const entries = [...map.entries()].map(([name, value]) => [JSON.stringify(name), value] as const)
  expect(map.isEmpty).toBe(entries.length === 0)
  put('value', store.getState(STATES.value).value())
  put('list', list.length === 0 ? undefined : list)
  put('map', entries.length === 0 ? undefined : Object.fromEntries(entries))
  put('reducing', store.getReducingState(STATES.reducing).get())
  put('aggregating', store.getAggregatingState(STATES.aggregating).get())
  put('table', backend.table(STATES.table.name, STATES.table.type).get(namespace))
}

function sorted(timers: readonly ModelTimer[]): string[] {
  return timers.map(timerName).sort()
}
