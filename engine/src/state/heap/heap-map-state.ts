import { keyIdentity } from '../../types/key-identity.ts'
import type { MapState } from '../keyed-state.ts'
import type { Namespace } from '../namespace.ts'
import type { HeapTable } from './heap-table.ts'
import type { StateMap } from './value-codec.ts'

/**
 * {@link MapState} over a table of maps. A table hands a map out only after an open snapshot has
 * taken it, so it may be changed in place.
 */
export class HeapMapState<K, V> implements MapState<K, V> {
  readonly #table: HeapTable<StateMap<K, V>>
  readonly #namespace: Namespace

  constructor(table: HeapTable<StateMap<K, V>>, namespace: Namespace) {
    this.#table = table
    this.#namespace = namespace
  }

  get isEmpty(): boolean {
    return this.#map() === undefined
  }

  get(key: K): V | undefined {
    return this.#map()?.get(keyIdentity(key))?.value
  }

  has(key: K): boolean {
    return this.#map()?.has(keyIdentity(key)) ?? false
  }

  put(key: K, value: V): void {
    let map = this.#map()
    if (map === undefined) {
      map = new Map()
      this.#table.put(this.#namespace, map)
    }
    const identity = keyIdentity(key)
    const entry = map.get(identity)
    if (entry === undefined) map.set(identity, { key, value })
    else entry.value = value
  }

  remove(key: K): void {
    const map = this.#map()
    if (map === undefined) return
    map.delete(keyIdentity(key))
    if (map.size === 0) this.#table.remove(this.#namespace)
  }

  *entries(): IterableIterator<readonly [K, V]> {
    const map = this.#map()
    if (map === undefined) return
    for (const entry of map.values()) yield [entry.key, entry.value]
  }

  *keys(): IterableIterator<K> {
    const map = this.#map()
    if (map === undefined) return
    for (const entry of map.values()) yield entry.key
  }

  *values(): IterableIterator<V> {
    const map = this.#map()
    if (map === undefined) return
    for (const entry of map.values()) yield entry.value
  }

  clear(): void {
    this.#table.remove(this.#namespace)
  }

  #map(): StateMap<K, V> | undefined {
    return this.#table.get(this.#namespace)
  }
}
