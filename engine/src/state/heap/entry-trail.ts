import type { KeyIdentity } from '../../types/key-identity.ts'
import type { HeapEntry } from './heap-entry.ts'

/**
 * Finds the entries of one key in several maps with one lookup.
 *
 * Hot, and written for the cache: a lookup of a text in a large `Map` is three cache misses, and an
 * operator with three states would make three of them for each record. A function uses the states
 * of a key in the same order each time, so an entry remembers the one that was used after it, and
 * the lookup of the first leads to the others. A guess is checked by where the entry lives; a wrong
 * one costs the lookup that it would have saved. Shared by the tables of a backend; a map with a
 * trail of its own, its twin, finds again what it found last.
 */
export class EntryTrail {
  #identity: KeyIdentity
  /** The entry that was found last, whoever holds it. */
  #last: HeapEntry<unknown> | undefined

  /** The entry of a key in `home`, if the trail leads there. */
  follow(home: object, identity: KeyIdentity): HeapEntry<unknown> | undefined {
    const last = this.#last
    if (last === undefined || identity !== this.#identity) return undefined
    if (last.home === home) return last
    const { next } = last
    if (next === undefined || next.home !== home) return undefined
    this.#last = next
    return next
  }

  /** Goes on to the entry of a key that was looked up. */
  goTo(entry: HeapEntry<unknown>, identity: KeyIdentity): void {
    const last = this.#last
    if (last !== undefined && last.home !== undefined && identity === this.#identity) {
      last.next = entry
    }
    this.#identity = identity
    this.#last = entry
  }
}
