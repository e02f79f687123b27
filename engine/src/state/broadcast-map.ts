import { type KeyIdentity, keyIdentity } from '../types/key-identity.ts'
import type { BroadcastState, OperatorListState } from './operator-state.ts'

type Entry<K, V> = readonly [key: K, value: V]

/** {@link BroadcastState} in a map on the heap, over the list that stands in snapshots. */
export class BroadcastMap<K, V> implements BroadcastState<K, V> {
  readonly #stored: OperatorListState<Entry<K, V>>
  readonly #entries = new Map<KeyIdentity, Entry<K, V>>()

  /** @param stored the restored entries, in their order; written by {@link BroadcastMap.store} */
  constructor(stored: OperatorListState<Entry<K, V>>) {
    this.#stored = stored
    for (const entry of stored.get()) this.#entries.set(keyIdentity(entry[0]), entry)
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0
  }

  get(key: K): V | undefined {
    return this.#entries.get(keyIdentity(key))?.[1]
  }

  has(key: K): boolean {
    return this.#entries.has(keyIdentity(key))
  }

  put(key: K, value: V): void {
    this.#entries.set(keyIdentity(key), [key, value])
  }

  remove(key: K): void {
    this.#entries.delete(keyIdentity(key))
  }

  clear(): void {
    this.#entries.clear()
  }

  *entries(): IterableIterator<readonly [K, V]> {
    yield* this.#entries.values()
  }

  *keys(): IterableIterator<K> {
    for (const [key] of this.#entries.values()) yield key
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.#entries.values()) yield value
  }

  /** Writes the entries into the list, since a snapshot is drawn right after. */
  store(): void {
    this.#stored.update([...this.#entries.values()])
  }
}
