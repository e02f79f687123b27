import type {
  AggregatingState,
  KeyedStateStore,
  ListState,
  MapState,
  ReducingState,
  ValueState,
} from '../../state/keyed-state.ts'
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../state/state-descriptor.ts'

/** The descriptor of any keyed state, as far as one can say without its type parameters. */
export interface StateDescriptor {
  readonly name: string
  readonly kind: 'value' | 'list' | 'map' | 'reducing' | 'aggregating'
}

/** The state that a descriptor describes. */
export type StateOf<D> =
  D extends ValueStateDescriptor<infer T>
    ? ValueState<T>
    : D extends ListStateDescriptor<infer T>
      ? ListState<T>
      : D extends MapStateDescriptor<infer K, infer V>
        ? MapState<K, V>
        : D extends ReducingStateDescriptor<infer T>
          ? ReducingState<T>
          : D extends AggregatingStateDescriptor<infer IN, infer _ACC, infer OUT>
            ? AggregatingState<IN, OUT>
            : never

/** The state of any descriptor; the current key decides whose it is. */
export function keyedStateOf<D extends StateDescriptor>(
  store: KeyedStateStore,
  descriptor: D,
): StateOf<D> {
  return stateOf(store, descriptor) as StateOf<D>
}

function stateOf(store: KeyedStateStore, descriptor: StateDescriptor): unknown {
  switch (descriptor.kind) {
    case 'value':
      return store.getState(descriptor as ValueStateDescriptor<unknown>)
    case 'list':
      return store.getListState(descriptor as ListStateDescriptor<unknown>)
    case 'map':
      return store.getMapState(descriptor as MapStateDescriptor<unknown, unknown>)
    case 'reducing':
      return store.getReducingState(descriptor as ReducingStateDescriptor<unknown>)
    case 'aggregating':
      return store.getAggregatingState(
        descriptor as AggregatingStateDescriptor<unknown, unknown, unknown>,
      )
  }
}
