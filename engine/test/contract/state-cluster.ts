import {
  type KeyGroupRange,
  keyGroupOf,
  keyGroupRangeOf,
  subtaskOfKeyGroup,
} from '../../src/core/key-group.ts'
import type { KeyedStateBackend } from '../../src/state/keyed-state-backend.ts'
import type { KeyedStateSnapshot } from '../../src/state/keyed-state-snapshot.ts'
import type { ProcessingTime } from '../../src/state/processing-time.ts'
import {
  type AggregatingStateDescriptor,
  aggregatingState,
  type ListStateDescriptor,
  listState,
  type MapStateDescriptor,
  mapState,
  type ReducingStateDescriptor,
  reducingState,
  type ValueStateDescriptor,
  valueState,
} from '../../src/state/state-descriptor.ts'
import { redistribute } from '../../src/state/state-redistribution.ts'
import type { StateSection } from '../../src/state/state-section.ts'
import type { InternalTimerService } from '../../src/state/timer-service.ts'
import { hashKey } from '../../src/types/key-hash.ts'
import type { TypeInformation } from '../../src/types/type-information.ts'
import { types } from '../../src/types/types.ts'
import type { Firing } from './state-model.ts'

/** Makes a backend, empty or restored. */
export type BackendFactory = (options: {
  readonly keyGroupRange: KeyGroupRange
  readonly maxParallelism: number
  readonly keyType?: TypeInformation<unknown>
  readonly processingTime: ProcessingTime
  readonly warn?: (message: string) => void
  readonly restored?: readonly StateSection[]
}) => KeyedStateBackend

export const MAX_PARALLELISM = 16

/** A changing object, as accumulators of users are. */
export interface Tally {
  total: number
  readonly seen: number[]
}

const tallyType: TypeInformation<Tally> = types.row({
  total: types.int,
  seen: types.array(types.int),
}) as TypeInformation<Tally>

/** The states that the histories write to. */
export const STATES: {
  readonly value: ValueStateDescriptor<Tally>
  readonly list: ListStateDescriptor<number>
  readonly map: MapStateDescriptor<unknown, number>
  readonly reducing: ReducingStateDescriptor<number>
  readonly aggregating: AggregatingStateDescriptor<number, Tally, number>
  readonly table: { readonly name: string; readonly type: TypeInformation<Tally> }
} = {
  value: valueState<Tally>('value', { type: tallyType }),
  list: listState('list', { type: types.int }),
  map: mapState('map', { keyType: types.generic(), type: types.int }),
  reducing: reducingState<number>('reducing', (left, right) => left + right, { type: types.int }),
  aggregating: aggregatingState<number, Tally, number>('aggregating', {
    createAccumulator: () => ({ total: 0, seen: [] }),
    add: addToTally,
    getResult: (tally) => tally.total,
    merge: (left) => left,
    accumulatorType: tallyType,
  }),
  table: { name: 'table', type: tallyType },
}

/** Changes the tally in place, as users may in `add` and in folds. */
export function addToTally(n: number, tally: Tally): Tally {
  tally.total += n
  tally.seen.push(n)
  return tally
}

export function foldTally(tally: Tally | undefined, n: number): Tally {
  return addToTally(n, tally ?? { total: 0, seen: [] })
}

/** A clock that a test turns by hand. */
export class ManualTime implements ProcessingTime {
  #nowMs = 0
  #scheduled: { atMs: number; run: () => void }[] = []

  nowMs(): number {
    return this.#nowMs
  }

  /** How many callbacks wait. */
  get waitingCount(): number {
    return this.#scheduled.length
  }

  schedule(atMs: number, run: () => void): { cancel(): void } {
    const entry = { atMs, run }
    this.#scheduled.push(entry)
    return {
      cancel: () => {
        this.#scheduled = this.#scheduled.filter((other) => other !== entry)
      },
    }
  }

  /** Sets the clock and runs what is due. */
  turnTo(nowMs: number): void {
    this.#nowMs = nowMs
    for (;;) {
      const due = this.#scheduled
        .filter((entry) => entry.atMs <= nowMs)
        .sort((left, right) => left.atMs - right.atMs)[0]
      if (due === undefined) return
      this.#scheduled = this.#scheduled.filter((other) => other !== due)
      due.run()
    }
  }
}

/** Several backends that share the key groups, as the subtasks of an operator do. */
export class StateCluster {
  readonly parallelism: number
  readonly backends: readonly KeyedStateBackend[]
  readonly services: readonly InternalTimerService[]
  readonly time: ManualTime = new ManualTime()
  /** Timers that fired and were not looked at yet, by subtask. */
  readonly firings: Firing[][]
  /** Called when a timer fires, with the backend set to its key. */
  onFire: (service: InternalTimerService, firing: Firing) => void = () => {}
  #snapshots: readonly KeyedStateSnapshot[] | undefined

  constructor(
    make: BackendFactory,
    parallelism: number,
    restored: readonly (readonly StateSection[])[] = [],
  ) {
    this.parallelism = parallelism
    this.firings = Array.from({ length: parallelism }, () => [])
    const given = restored.length === 0 ? [] : redistribute(restored, MAX_PARALLELISM, parallelism)
    this.backends = Array.from({ length: parallelism }, (_, subtask) =>
      make({
        keyGroupRange: keyGroupRangeOf(subtask, MAX_PARALLELISM, parallelism),
        maxParallelism: MAX_PARALLELISM,
        keyType: types.generic(),
        processingTime: this.time,
        restored: given[subtask] ?? [],
      }),
    )
    this.services = this.backends.map((backend, subtask) => this.#register(backend, subtask))
  }

  /** The subtask of a key. */
  subtaskOf(key: unknown): number {
    const keyGroup = keyGroupOf(hashKey(key), MAX_PARALLELISM)
    return subtaskOfKeyGroup(keyGroup, MAX_PARALLELISM, this.parallelism)
  }

  /** The backend of a key, set to it. */
  at(key: unknown): KeyedStateBackend {
    const backend = this.backends[this.subtaskOf(key)] as KeyedStateBackend
    backend.setCurrentKey(key)
    return backend
  }

  get isSnapshotOpen(): boolean {
    return this.#snapshots !== undefined
  }

  begin(checkpointId: number): void {
    this.#snapshots = this.backends.map((backend) => backend.snapshot(checkpointId))
  }

  /** @returns the sections of each subtask once all are complete. */
  advance(entries: number): (readonly StateSection[])[] | undefined {
    const snapshots = this.#snapshots ?? []
    let isComplete = true
    for (const snapshot of snapshots) if (!snapshot.advance(entries)) isComplete = false
    if (!isComplete) return undefined
    this.#snapshots = undefined
    return snapshots.map((snapshot) => snapshot.sections())
  }

  abort(): void {
    for (const snapshot of this.#snapshots ?? []) snapshot.abort()
    this.#snapshots = undefined
  }

  /** Fires everything and gives the timers that were registered. */
  drainTimers(): Firing[] {
    for (const backend of this.backends) backend.advanceWatermark(Number.MAX_SAFE_INTEGER)
    this.time.turnTo(Number.MAX_SAFE_INTEGER)
    return this.firings.flatMap((fired) => fired.splice(0))
  }

  #register(backend: KeyedStateBackend, subtask: number): InternalTimerService {
    const fire = (domain: Firing['domain'], timestampMs: number, namespace: string | number) => {
      const firing: Firing = { domain, key: backend.currentKey, namespace, timestampMs }
      this.firings[subtask]?.push(firing)
      this.onFire(service, firing)
    }
    const service: InternalTimerService = backend.timerService('timers', {
      onEventTimer: (timestampMs, namespace) => fire('event', timestampMs, namespace),
      onProcessingTimer: (timestampMs, namespace) => fire('processing', timestampMs, namespace),
    })
    return service
  }
}
