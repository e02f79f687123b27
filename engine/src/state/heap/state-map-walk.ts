import type { IntSlots } from './int-slots.ts'

/** An entry of a map of objects. */
export interface MapEntry<K, V> {
  readonly key: K
  value: V
}

/** What a walk needs of the map it walks. */
export interface WalkedMap<K, V> {
  /** Where the entries are now: another object once they were moved. */
  readonly form: unknown
  has(key: K): boolean
  get(key: K): V | undefined
}

/** A walk over a map in state: over the entries where they were when it began. */
export class StateMapWalk<K, V> {
  readonly #map: WalkedMap<K, V>
  readonly #form: unknown
  readonly #ints: IntSlots<V> | undefined
  readonly #entries: Iterator<MapEntry<K, V>> | undefined
  #slot = -1
  /** Of the entry that `next` went to. */
  key!: K
  value!: V

  constructor(map: WalkedMap<K, V>, entries: IntSlots<V> | ReadonlyMap<unknown, MapEntry<K, V>>) {
    this.#map = map
    this.#form = map.form
    if (entries instanceof Map) this.#entries = entries.values()
    else this.#ints = entries as IntSlots<V>
  }

  /** Goes to the next entry. @returns false at the end */
  next(): boolean {
    while (this.#step()) {
      if (this.#map.form === this.#form) return true
      // Once the entries were moved, the ones here no longer tell what there is.
      if (!this.#map.has(this.key)) continue
      this.value = this.#map.get(this.key) as V
      return true
    }
    return false
  }

  #step(): boolean {
    const ints = this.#ints
    if (ints !== undefined) {
      this.#slot = ints.nextSlot(this.#slot)
      if (this.#slot < 0) return false
      this.key = ints.keyAt(this.#slot) as K
      this.value = ints.valueAt(this.#slot)
      return true
    }
    const step = this.#entries?.next()
    if (step === undefined || step.done === true) return false
    this.key = step.value.key
    this.value = step.value.value
    return true
  }
}
