import type { ByteWriter } from '../../base/byte-writer.ts'
import { type KeyIdentity, keyIdentity } from '../../types/key-identity.ts'
import { isInt32 } from './heap-entries.ts'
import { IntSlots } from './int-slots.ts'
import { type MapEntry, StateMapWalk } from './state-map-walk.ts'

/** How many entries a map of one key has before it is typed, where tables have `mapLimit`. */
export function intLimitOf(mapLimit: number): number {
  return mapLimit / 8
}

/**
 * The map of one key in map state, in order of insertion. It is a map of objects, the twin, until
 * it has more than some entries, all of integer keys; then these lie in a typed array. An integer
 * is handed out as its identity in both: never as -0.
 *
 * Who walks it may change it: every entry that stays comes by once, what is added meanwhile may.
 */
export class StateMap<K, V> {
  readonly #intLimit: number
  #entries: Map<KeyIdentity, MapEntry<K, V>> | undefined = new Map()
  #ints: IntSlots<V> | undefined
  /** False from the first key on that is no 32-bit integer: then the map stays one of objects. */
  #holdsInts = true

  /** @param intLimit how many entries there may be in a map if all keys are 32-bit integers */
  constructor(intLimit: number) {
    this.#intLimit = intLimit
  }

  /** Where the entries are now. */
  get form(): IntSlots<V> | Map<KeyIdentity, MapEntry<K, V>> {
    return this.#ints ?? (this.#entries as Map<KeyIdentity, MapEntry<K, V>>)
  }

  get size(): number {
    return this.form.size
  }

  /** See `IntSlots.write`. */
  writeInts(output: ByteWriter): boolean {
    return this.#ints?.write(output) === true
  }

  get(key: K): V | undefined {
    const identity = keyIdentity(key)
    const ints = this.#ints
    if (ints === undefined) return this.#entries?.get(identity)?.value
    return isInt32(identity) ? ints.get(identity) : undefined
  }

  has(key: K): boolean {
    const identity = keyIdentity(key)
    const ints = this.#ints
    if (ints === undefined) return this.#entries?.has(identity) === true
    return isInt32(identity) && ints.has(identity)
  }

  put(key: K, value: V): void {
    const identity = keyIdentity(key)
    if (this.#ints !== undefined) this.#putInts(this.#ints, identity, key, value)
    else this.#putEntry(identity, key, value)
  }

  remove(key: K): void {
    const identity = keyIdentity(key)
    if (this.#ints === undefined) this.#entries?.delete(identity)
    else if (isInt32(identity)) this.#ints.remove(identity)
  }

  /** Calls `visit` for each entry; it does not change the map. */
  forEach(visit: (key: K, value: V) => void): void {
    const ints = this.#ints
    if (ints === undefined) {
      this.#entries?.forEach(({ key, value }) => void visit(key, value))
      return
    }
    for (let slot = ints.nextSlot(-1); slot >= 0; slot = ints.nextSlot(slot)) {
      visit(ints.keyAt(slot) as K, ints.valueAt(slot))
    }
  }

  /** Another map, of the entries with values that `keeps` is true for. */
  filter(keeps: (value: V) => boolean): StateMap<K, V> {
    const kept = new StateMap<K, V>(this.#intLimit)
    this.forEach((key, value) => {
      if (keeps(value)) kept.put(key, value)
    })
    return kept
  }

  /** A walk that bears changes, see above. */
  walk(): StateMapWalk<K, V> {
    return new StateMapWalk(this, this.form)
  }

  #putEntry(identity: KeyIdentity, key: K, value: V): void {
    const entries = this.#entries as Map<KeyIdentity, MapEntry<K, V>>
    const entry = entries.get(identity)
    if (entry !== undefined) {
      entry.value = value
      return
    }
    if (!isInt32(identity)) {
      this.#holdsInts = false
      entries.set(identity, { key, value })
    } else if (entries.size >= this.#intLimit && this.#holdsInts) {
      const ints = intsOf(entries)
      this.#ints = ints
      this.#entries = undefined
      this.#putInts(ints, identity, key, value)
    } else entries.set(identity, { key: identity as K, value })
  }

  #putInts(ints: IntSlots<V>, identity: KeyIdentity, key: K, value: V): void {
    if (!isInt32(identity)) {
      const entries = new Map<KeyIdentity, MapEntry<K, V>>()
      this.forEach((each, of) => entries.set(each as number, { key: each, value: of }))
      this.#entries = entries
      this.#ints = undefined
      this.#putEntry(identity, key, value)
      return
    }
    if (ints.update(identity, value)) return
    if (!ints.hasRoom) {
      const larger = ints.larger()
      this.#ints = larger
      larger.insert(identity, value)
      return
    }
    ints.insert(identity, value)
  }
}

/** The entries in a typed array. */
function intsOf<K, V>(entries: ReadonlyMap<KeyIdentity, MapEntry<K, V>>): IntSlots<V> {
  const ints = new IntSlots<V>(entries.size * 1.5)
  for (const [identity, { value }] of entries) ints.insert(identity as number, value)
  return ints
}
