import type {
  AggregatingState,
  KeyedStateStore,
  ListState,
  MapState,
  ReducingState,
  ValueState,
} from '../../state/keyed-state.ts'
import type { KeyedStateBackend } from '../../state/keyed-state-backend.ts'
import type { Namespace } from '../../state/namespace.ts'
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../state/state-descriptor.ts'
import type { InternalTimerService } from '../../state/timer-service.ts'
import type { MergeTriggerContext, TriggerContext } from './trigger.ts'
import type { Window } from './window.ts'

type MergeableStateDescriptor =
  | ListStateDescriptor<unknown>
  | ReducingStateDescriptor<unknown>
  | ValueStateDescriptor<unknown>
  | MapStateDescriptor<unknown, unknown>

/** The context of triggers; one object, pointed to a window before each call. */
export class WindowTriggerContext<W extends Window> implements MergeTriggerContext<W> {
  window!: W
  namespace!: Namespace
  currentWatermarkMs: number = Number.NaN
  readonly isEventTime: boolean
  /** While `onMerge` runs: the namespaces of the merged windows. */
  mergedNamespaces: readonly Namespace[] = []
  /** While `onMerge` runs: the merged windows. */
  mergedWindows: readonly W[] = []
  readonly #backend: KeyedStateBackend
  readonly #timers: InternalTimerService

  constructor(backend: KeyedStateBackend, timers: InternalTimerService, isEventTime: boolean) {
    this.isEventTime = isEventTime
    this.#backend = backend
    this.#timers = timers
  }

  currentProcessingTimeMs(): number {
    return this.#timers.currentProcessingTimeMs()
  }

  registerEventTimeTimer(timestampMs: number): void {
    this.#timers.registerEventTimeTimer(this.namespace, timestampMs)
  }

  deleteEventTimeTimer(timestampMs: number): void {
    this.#timers.deleteEventTimeTimer(this.namespace, timestampMs)
  }

  registerProcessingTimeTimer(timestampMs: number): void {
    this.#timers.registerProcessingTimeTimer(this.namespace, timestampMs)
  }

  deleteProcessingTimeTimer(timestampMs: number): void {
    this.#timers.deleteProcessingTimeTimer(this.namespace, timestampMs)
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.#store(this.namespace).getState(descriptor)
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#store(this.namespace).getListState(descriptor)
  }

  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    return this.#store(this.namespace).getMapState(descriptor)
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.#store(this.namespace).getReducingState(descriptor)
  }

  getAggregatingState<IN, ACC, OUT>(
    descriptor: AggregatingStateDescriptor<IN, ACC, OUT>,
  ): AggregatingState<IN, OUT> {
    return this.#store(this.namespace).getAggregatingState(descriptor)
  }

  mergeState<T>(descriptor: ReducingStateDescriptor<T> | ListStateDescriptor<T>): void
  mergeState<T>(descriptor: ValueStateDescriptor<T>, merge: (left: T, right: T) => T): void
  mergeState<K, V>(descriptor: MapStateDescriptor<K, V>, merge: (left: V, right: V) => V): void
  mergeState(
    descriptor: MergeableStateDescriptor,
    merge: (left: unknown, right: unknown) => unknown = (_left, right) => right,
  ): void {
    for (const namespace of this.mergedNamespaces) {
      // The result may have the window of one that is merged: its state is there already.
      if (namespace === this.namespace) continue
      const from = this.#store(namespace)
      switch (descriptor.kind) {
        case 'list':
          this.#moveList(descriptor, from)
          break
        case 'reducing':
          this.#moveReduced(descriptor, from)
          break
        case 'value':
          this.#moveValue(descriptor, from, merge)
          break
        case 'map':
          this.#moveEntries(descriptor, from, merge)
      }
    }
  }

  forEachMerged(visit: (merged: TriggerContext<W>) => void): void {
    const { window, namespace } = this
    for (const [index, merged] of this.mergedWindows.entries()) {
      this.window = merged
      this.namespace = this.mergedNamespaces[index] as Namespace
      visit(this)
    }
    this.window = window
    this.namespace = namespace
  }

  #moveList(descriptor: ListStateDescriptor<unknown>, from: KeyedStateStore): void {
    const state = from.getListState(descriptor)
    const values = [...state.get()]
    state.clear()
    this.getListState(descriptor).addAll(values)
  }

  #moveReduced(descriptor: ReducingStateDescriptor<unknown>, from: KeyedStateStore): void {
    const state = from.getReducingState(descriptor)
    const value = state.get()
    state.clear()
    if (value !== undefined) this.getReducingState(descriptor).add(value)
  }

  #moveValue(
    descriptor: ValueStateDescriptor<unknown>,
    from: KeyedStateStore,
    merge: (left: unknown, right: unknown) => unknown,
  ): void {
    // Without the initial value, which would stand for a window that never had one of its own.
    const own = { ...descriptor, initialValue: undefined }
    const state = from.getState(own)
    const value = state.value()
    state.clear()
    if (value === undefined) return
    const result = this.getState(own)
    const present = result.value()
    result.update(present === undefined ? value : merge(present, value))
  }

  #moveEntries(
    descriptor: MapStateDescriptor<unknown, unknown>,
    from: KeyedStateStore,
    merge: (left: unknown, right: unknown) => unknown,
  ): void {
    const state = from.getMapState(descriptor)
    const entries = [...state.entries()]
    state.clear()
    const result = this.getMapState(descriptor)
    for (const [key, value] of entries) {
      const present = result.get(key)
      result.put(key, present === undefined ? value : merge(present, value))
    }
  }

  #store(namespace: Namespace): KeyedStateStore {
    return this.#backend.namespaced(namespace)
  }
}
