import type { TypeInformation } from '../../types/type-information.ts'
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
import type { HeapTable } from './heap-table.ts'
import { HeapValueState } from './heap-value-state.ts'
import { listCodec, mapCodec, singleValueCodec, type ValueCodec } from './value-codec.ts'

/** Where a store finds its tables. */
export interface TableRegistry {
  /** The table of that name, made on the first call. @throws INVALID_PROGRAM if it is another. */
  register<V>(name: string, kind: string, codec: ValueCodec<V>): HeapTable<V>
  /** The declared type, or the generic one with a warning. */
  typeOf<T>(stateName: string, type: TypeInformation<T> | undefined): TypeInformation<T>
}

/** The states of one namespace, see `KeyedStateBackend.namespaced`. */
export class HeapStateStore implements KeyedStateStore {
  readonly #registry: TableRegistry
  readonly #namespace: Namespace

  constructor(registry: TableRegistry, namespace: Namespace) {
    this.#registry = registry
    this.#namespace = namespace
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    const { name, kind, initialValue } = descriptor
    const codec = singleValueCodec(this.#registry.typeOf(name, descriptor.type))
    const table = this.#registry.register(name, kind, codec)
    return new HeapValueState(table, this.#namespace, initialValue)
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    const { name, kind } = descriptor
    const codec = listCodec(this.#registry.typeOf(name, descriptor.type))
    return new HeapListState(this.#registry.register(name, kind, codec), this.#namespace)
  }

  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    const { name, kind } = descriptor
    const keyType = this.#registry.typeOf(name, descriptor.keyType)
    const codec = mapCodec(keyType, this.#registry.typeOf(name, descriptor.type))
    return new HeapMapState(this.#registry.register(name, kind, codec), this.#namespace)
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
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
    const { name, kind, aggregate } = descriptor
    const codec = singleValueCodec(this.#registry.typeOf(name, descriptor.type))
    const table = this.#registry.register(name, kind, codec)
    return new HeapAggregatingState(table, this.#namespace, aggregate)
  }
}
