import type { MapState } from '../keyed-state.ts'
import type { Namespace } from '../namespace.ts'
import type { HeapTable } from './heap-table.ts'
import { intLimitOf, StateMap } from './state-map.ts'

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
    return this.#map()?.get(key)
  }

  has(key: K): boolean {
    return this.#map()?.has(key) === true
  }

  put(key: K, value: V): void {
    let map = this.#map()
    if (map === undefined) {
      map = new StateMap(intLimitOf(this.#table.mapLimit))
      this.#table.put(this.#namespace, map)
    }
    map.put(key, value)
  }

  remove(key: K): void {
    const map = this.#map()
    if (map === undefined) return
    map.remove(key)
    if (map.size === 0) this.#table.remove(this.#namespace)
  }

  *entries(): IterableIterator<readonly [K, V]> {
    const walk = this.#map()?.walk()
    while (walk?.next() === true) yield [walk.key, walk.value]
  }

  *keys(): IterableIterator<K> {
    const walk = this.#map()?.walk()
    while (walk?.next() === true) yield walk.key
  }

  *values(): IterableIterator<V> {
    const walk = this.#map()?.walk()
    while (walk?.next() === true) yield walk.value
  }

  clear(): void {
    this.#table.remove(this.#namespace)
  }

  #map(): StateMap<K, V> | undefined {
    return this.#table.get(this.#namespace)
  }
}
