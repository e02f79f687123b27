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
import type { MergeTriggerContext } from './trigger.ts'
import type { Window } from './window.ts'

/** The context of triggers; one object, pointed to a window before each call. */
export class WindowTriggerContext<W extends Window> implements MergeTriggerContext<W> {
  window!: W
  namespace!: Namespace
  currentWatermarkMs: number = Number.NaN
  /** While `onMerge` runs: the namespaces of the merged windows. */
  mergedNamespaces: readonly Namespace[] = []
  readonly #backend: KeyedStateBackend
  readonly #timers: InternalTimerService

  constructor(backend: KeyedStateBackend, timers: InternalTimerService) {
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

  mergeState<T>(descriptor: ReducingStateDescriptor<T> | ListStateDescriptor<T>): void {
    for (const namespace of this.mergedNamespaces) {
      if (descriptor.kind === 'list') {
        const state = this.#store(namespace).getListState(descriptor)
        const values = [...state.get()]
        state.clear()
        this.getListState(descriptor).addAll(values)
        continue
      }
      const state = this.#store(namespace).getReducingState(descriptor)
      const value = state.get()
      state.clear()
      if (value !== undefined) this.getReducingState(descriptor).add(value)
    }
  }

  #store(namespace: Namespace): KeyedStateStore {
    return this.#backend.namespaced(namespace)
  }
}
