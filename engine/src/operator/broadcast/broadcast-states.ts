import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { BroadcastState, ReadOnlyBroadcastState } from '../../state/operator-state.ts'
import type { MapStateDescriptor } from '../../state/state-descriptor.ts'
import type { OperatorContext } from '../operator-context.ts'
import { operatorOf } from '../record-error.ts'
import type { BroadcastDescriptor } from './broadcast-process-function.ts'
import { ReadOnlyBroadcastView } from './read-only-broadcast-view.ts'

/** The broadcast states of one operator: those whose descriptors the broadcast stream names. */
export class BroadcastStates {
  readonly #context: OperatorContext
  readonly #states = new Map<string, BroadcastState<unknown, unknown>>()
  readonly #views = new Map<string, ReadOnlyBroadcastState<unknown, unknown>>()

  /** Reads what was restored; to be made in `initializeState`. */
  constructor(context: OperatorContext, descriptors: readonly BroadcastDescriptor[]) {
    this.#context = context
    for (const descriptor of descriptors) {
      const state = context.operatorState.getBroadcastState(descriptor)
      this.#states.set(descriptor.name, state)
      this.#views.set(descriptor.name, new ReadOnlyBroadcastView(state, descriptor.name))
    }
  }

  /** @throws INVALID_PROGRAM if the descriptor is not one of the broadcast stream */
  writable<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    const state = this.#states.get(descriptor.name) ?? this.#unknown(descriptor.name)
    return state as BroadcastState<unknown, unknown> as BroadcastState<K, V>
  }

  /** See {@link BroadcastStates.writable}. */
  readOnly<K, V>(descriptor: MapStateDescriptor<K, V>): ReadOnlyBroadcastState<K, V> {
    const view = this.#views.get(descriptor.name) ?? this.#unknown(descriptor.name)
    return view as ReadOnlyBroadcastState<unknown, unknown> as ReadOnlyBroadcastState<K, V>
  }

  #unknown(name: string): never {
    const known = [...this.#states.keys()].map((one) => `'${one}'`).join(', ')
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `The function of ${operatorOf(this.#context)} asks for the broadcast state '${name}', which its ` +
        `broadcast stream does not name (it names ${known}). Give the descriptor to broadcast(...)`,
    )
  }
}
