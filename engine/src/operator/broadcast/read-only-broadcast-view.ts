import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { BroadcastState } from '../../state/operator-state.ts'

/**
 * Broadcast state as the side of the records gets it. The compiler sees no method that writes; for
 * plain JavaScript and casts they are there, and throw.
 */
export class ReadOnlyBroadcastView<K, V> implements BroadcastState<K, V> {
  readonly #state: BroadcastState<K, V>
  readonly #name: string

  constructor(state: BroadcastState<K, V>, name: string) {
    this.#state = state
    this.#name = name
  }

  get isEmpty(): boolean {
    return this.#state.isEmpty
  }

  get(key: K): V | undefined {
    return this.#state.get(key)
  }

  has(key: K): boolean {
    return this.#state.has(key)
  }

  entries(): IterableIterator<readonly [K, V]> {
    return this.#state.entries()
  }

  keys(): IterableIterator<K> {
    return this.#state.keys()
  }

  values(): IterableIterator<V> {
    return this.#state.values()
  }

  put(): void {
    this.#refuse()
  }

  remove(): void {
    this.#refuse()
  }

  clear(): void {
    this.#refuse()
  }

  #refuse(): never {
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `broadcast state '${this.#name}' can only be changed in processBroadcastElement: a record is ` +
        'seen by one subtask alone, and the copies of the others would not follow',
    )
  }
}
