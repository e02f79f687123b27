import type {
  AggregatingState,
  KeyedStateStore,
  ListState,
  MapState,
  ReducingState,
  ValueState,
} from '../keyed-state.ts'
import type { Namespace } from '../namespace.ts'
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../state-descriptor.ts'
import { HeapAggregatingState } from './heap-aggregating-state.ts'
import { HeapListState } from './heap-list-state.ts'
import { HeapMapState } from './heap-map-state.ts'
import { HeapReducingState } from './heap-reducing-state.ts'
import { HeapTtlStates } from './heap-ttl-states.ts'
import { HeapValueState } from './heap-value-state.ts'
import { intLimitOf } from './state-map.ts'
import type { TableRegistry } from './table-registry.ts'
import { listCodec, mapCodec, singleValueCodec } from './value-codec.ts'

/** The states of one namespace, see `KeyedStateBackend.namespaced`. */
export class HeapStateStore implements KeyedStateStore {
  readonly #registry: TableRegistry
  readonly #namespace: Namespace

  constructor(registry: TableRegistry, namespace: Namespace) {
    this.#registry = registry
    this.#namespace = namespace
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    if (descriptor.ttl !== undefined) return this.#withTtl.value(descriptor, descriptor.ttl)
    const { name, kind, initialValue } = descriptor
    const codec = singleValueCodec(this.#registry.typeOf(name, descriptor.type))
    const table = this.#registry.register(name, kind, codec)
    return new HeapValueState(table, this.#namespace, initialValue)
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    if (descriptor.ttl !== undefined) return this.#withTtl.list(descriptor, descriptor.ttl)
    const { name, kind } = descriptor
    const codec = listCodec(this.#registry.typeOf(name, descriptor.type))
    return new HeapListState(this.#registry.register(name, kind, codec), this.#namespace)
  }

  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    if (descriptor.ttl !== undefined) return this.#withTtl.map(descriptor, descriptor.ttl)
    const { name, kind } = descriptor
    const keyType = this.#registry.typeOf(name, descriptor.keyType)
    const type = this.#registry.typeOf(name, descriptor.type)
    const codec = mapCodec(keyType, type, intLimitOf(this.#registry.mapLimit))
    return new HeapMapState(this.#registry.register(name, kind, codec), this.#namespace)
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    if (descriptor.ttl !== undefined) return this.#withTtl.reducing(descriptor, descriptor.ttl)
    const { name, kind, reduce } = descriptor
    const codec = singleValueCodec(this.#registry.typeOf(name, descriptor.type))
    return new HeapReducingState(
      this.#registry.register(name, kind, codec),
      this.#namespace,
      reduce,
    )
  }

  getAggregatingState<IN, ACC, OUT>(
    descriptor: AggregatingStateDescriptor<IN, ACC, OUT>,
  ): AggregatingState<IN, OUT> {
    if (descriptor.ttl !== undefined) return this.#withTtl.aggregating(descriptor, descriptor.ttl)
    const { name, kind, aggregate } = descriptor
    const codec = singleValueCodec(this.#registry.typeOf(name, descriptor.type))
    const table = this.#registry.register(name, kind, codec)
    return new HeapAggregatingState(table, this.#namespace, aggregate)
  }

  /** Made where it is needed: window operators make many stores. */
  get #withTtl(): HeapTtlStates {
    return new HeapTtlStates(this.#registry, this.#namespace)
  }
}
