import type {
  AggregatingState,
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
import { type Stamped, StampedSerializer } from '../ttl/stamped.ts'
import type { StateTtl } from '../ttl/state-ttl.ts'
import { TtlAggregatingState } from '../ttl/ttl-aggregating-state.ts'
import { TtlCell } from '../ttl/ttl-cell.ts'
import { type TtlKind, ttlCellKind, ttlListKind } from '../ttl/ttl-kind.ts'
import { TtlListState } from '../ttl/ttl-list-state.ts'
import { TtlMapState } from '../ttl/ttl-map-state.ts'
import { TtlReducingState } from '../ttl/ttl-reducing-state.ts'
import type { TtlRules } from '../ttl/ttl-rules.ts'
import { TtlValueState } from '../ttl/ttl-value-state.ts'
import { HeapListState } from './heap-list-state.ts'
import { HeapMapState } from './heap-map-state.ts'
import type { HeapTable } from './heap-table.ts'
import { ttlMapKind } from './heap-ttl.ts'
import { HeapValueState } from './heap-value-state.ts'
import { intLimitOf } from './state-map.ts'
import type { TableRegistry } from './table-registry.ts'
import {
  listCodec,
  mapCodec,
  type SerializedBy,
  singleValueCodec,
  type ValueCodec,
} from './value-codec.ts'

/** A state that its timers can ask what has expired. */
interface Expirable {
  expireDue(): void
}

/** Makes the states of one namespace that have a time to live. */
export class HeapTtlStates {
  readonly #registry: TableRegistry
  readonly #namespace: Namespace

  constructor(registry: TableRegistry, namespace: Namespace) {
    this.#registry = registry
    this.#namespace = namespace
  }

  value<T>(descriptor: ValueStateDescriptor<T>, ttl: StateTtl<T>): ValueState<T> {
    const cell = this.#cell<T, T>(descriptor, ttl, (value) => value)
    return new TtlValueState(cell, descriptor.initialValue)
  }

  reducing<T>(descriptor: ReducingStateDescriptor<T>, ttl: StateTtl<T>): ReducingState<T> {
    const cell = this.#cell<T, T>(descriptor, ttl, (value) => value)
    return new TtlReducingState(cell, descriptor.reduce)
  }

  aggregating<IN, ACC, OUT>(
    descriptor: AggregatingStateDescriptor<IN, ACC, OUT>,
    ttl: StateTtl<OUT>,
  ): AggregatingState<IN, OUT> {
    const { aggregate } = descriptor
    const cell = this.#cell<ACC, OUT>(descriptor, ttl, (accumulator) =>
      aggregate.getResult(accumulator),
    )
    return new TtlAggregatingState(cell, aggregate)
  }

  list<T>(descriptor: ListStateDescriptor<T>, ttl: StateTtl<T>): ListState<T> {
    const { name, kind } = descriptor
    const type = this.#registry.typeOf(name, descriptor.type)
    return this.#open(
      {
        name,
        kind,
        ttl,
        makeCodec: (rules: TtlRules<T>) => listCodec(stamped<T>(type, rules)),
        ttlKind: ttlListKind<T>(),
      },
      (table, namespace, rules) =>
        new TtlListState(new HeapListState(table, namespace), namespace, rules),
    )
  }

  map<K, V>(descriptor: MapStateDescriptor<K, V>, ttl: StateTtl<V>): MapState<K, V> {
    const { name, kind } = descriptor
    const keyType = this.#registry.typeOf(name, descriptor.keyType)
    const type = this.#registry.typeOf(name, descriptor.type)
    const intLimit = intLimitOf(this.#registry.mapLimit)
    return this.#open(
      {
        name,
        kind,
        ttl,
        makeCodec: (rules: TtlRules<V>) => mapCodec(keyType, stamped<V>(type, rules), intLimit),
        ttlKind: ttlMapKind<K, V>(),
      },
      (table, namespace, rules) =>
        new TtlMapState(new HeapMapState(table, namespace), namespace, rules),
    )
  }

  #cell<V, R>(
    descriptor: { readonly name: string; readonly kind: string; readonly type: unknown },
    ttl: StateTtl<R>,
    reported: (value: V) => R,
  ): TtlCell<V, R> {
    const { name, kind } = descriptor
    const type = this.#registry.typeOf<V>(name, descriptor.type as never)
    return this.#open(
      {
        name,
        kind,
        ttl,
        makeCodec: (rules: TtlRules<R>) => singleValueCodec(stamped<V>(type, rules)),
        ttlKind: ttlCellKind<V>(),
      },
      (table, namespace, rules) =>
        new TtlCell(new HeapValueState(table, namespace, undefined), namespace, rules, reported),
    )
  }

  #open<S, R, State extends Expirable>(
    spec: TtlTableSpec<S, R>,
    make: (table: HeapTable<S>, namespace: Namespace, rules: TtlRules<R>) => State,
  ): State {
    const { name, kind, ttl, makeCodec, ttlKind } = spec
    const support = this.#registry.ttlOf(name, ttl)
    const { rules } = support
    const codec = { ...makeCodec(rules), pruneForSnapshot: support.snapshotPruner(ttlKind) }
    const table = this.#registry.register(name, kind, codec)
    support.attach(table, ttlKind, (namespace) => make(table, namespace, rules).expireDue())
    return make(table, this.#namespace, rules)
  }
}

interface TtlTableSpec<S, R> {
  readonly name: string
  readonly kind: string
  readonly ttl: StateTtl<R>
  makeCodec(rules: TtlRules<R>): ValueCodec<S>
  readonly ttlKind: TtlKind<S>
}

function stamped<V>(type: SerializedBy<V>, rules: { nowMs(): number }): SerializedBy<Stamped<V>> {
  return { serializer: new StampedSerializer(type.serializer, () => rules.nowMs()) }
}
