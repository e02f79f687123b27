import type { MapState } from '../keyed-state.ts'
import type { Namespace } from '../namespace.ts'
import type { Stamped } from './stamped.ts'
import type { TtlRules } from './ttl-rules.ts'

/** {@link MapState} of which each entry lives for a time. Every look at an entry is a read. */
export class TtlMapState<K, V> implements MapState<K, V> {
  readonly #map: MapState<K, Stamped<V>>
  readonly #namespace: Namespace
  readonly #rules: TtlRules<V>

  constructor(map: MapState<K, Stamped<V>>, namespace: Namespace, rules: TtlRules<V>) {
    this.#map = map
    this.#namespace = namespace
    this.#rules = rules
  }

  get isEmpty(): boolean {
    this.#rules.beforeAccess()
    for (const [key, stamped] of this.#map.entries()) {
      if (!this.#rules.isExpired(stamped)) return false
      this.#drop(key, stamped)
    }
    return true
  }

  get(key: K): V | undefined {
    return this.#read(key)?.value
  }

  has(key: K): boolean {
    return this.#read(key) !== undefined
  }

  put(key: K, value: V): void {
    const rules = this.#rules
    rules.beforeAccess()
    const stamped = this.#live(key)
    if (stamped !== undefined) {
      stamped.value = value
      rules.refresh(stamped)
      this.#map.put(key, stamped)
      return
    }
    const isFirst = rules.reports && this.#map.isEmpty
    const made = rules.stamp(value)
    this.#map.put(key, made)
    rules.watchAdded(this.#namespace, made.atMs, isFirst)
  }

  remove(key: K): void {
    if (this.#rules.reports) this.#live(key) // what had expired before is told of
    this.#map.remove(key)
  }

  *entries(): IterableIterator<readonly [K, V]> {
    const rules = this.#rules
    rules.beforeAccess()
    for (const [key, stamped] of this.#map.entries()) {
      if (rules.isExpired(stamped)) {
        this.#drop(key, stamped)
        if (!rules.returnsExpired) continue
      } else if (rules.refreshesOnRead) this.#refresh(key, stamped)
      yield [key, stamped.value]
    }
  }

  *keys(): IterableIterator<K> {
    for (const [key] of this.entries()) yield key
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value
  }

  clear(): void {
    if (this.#rules.reports) this.#dropExpired()
    this.#map.clear()
  }

  /** Called when the time of an entry may be over. */
  expireDue(): void {
    const startMs = this.#dropExpired()
    if (startMs < Infinity) this.#rules.watch(this.#namespace, startMs)
  }

  #read(key: K): Stamped<V> | undefined {
    const rules = this.#rules
    rules.beforeAccess()
    const stamped = this.#map.get(key)
    if (stamped === undefined) return undefined
    if (rules.isExpired(stamped)) {
      this.#drop(key, stamped)
      return rules.returnsExpired ? stamped : undefined
    }
    if (rules.refreshesOnRead) this.#refresh(key, stamped)
    return stamped
  }

  /** The entry of a key if it lives. One that does not is gone afterwards. */
  #live(key: K): Stamped<V> | undefined {
    const stamped = this.#map.get(key)
    if (stamped === undefined || !this.#rules.isExpired(stamped)) return stamped
    this.#drop(key, stamped)
    return this.#map.get(key)
  }

  /** Drops what is expired. @returns when the life of the oldest entry left began */
  #dropExpired(): number {
    let startMs = Infinity
    const expired: (readonly [K, Stamped<V>])[] = []
    for (const entry of this.#map.entries()) {
      if (this.#rules.isExpired(entry[1])) expired.push(entry)
      else startMs = Math.min(startMs, entry[1].atMs)
    }
    for (const [key, stamped] of expired) this.#drop(key, stamped)
    return startMs
  }

  #refresh(key: K, stamped: Stamped<V>): void {
    this.#rules.refresh(stamped)
    this.#map.put(key, stamped)
  }

  #drop(key: K, stamped: Stamped<V>): void {
    this.#map.remove(key)
    this.#rules.report(stamped.value, key)
  }
}
