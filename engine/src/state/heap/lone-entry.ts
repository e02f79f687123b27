import type { KeyIdentity } from '../../types/key-identity.ts'
import {
  type EntryCursor,
  type EntryOwner,
  type HeapEntries,
  KeyWidth,
  keyWidthOf,
} from './heap-entries.ts'

/**
 * The entry of a namespace that has one, or none, without a map around it: there may be a namespace
 * for each window of each key.
 */
export class LoneEntry<V> implements HeapEntries<V> {
  readonly #owner: EntryOwner<V>
  #size: 0 | 1 = 0
  #identity: KeyIdentity
  #key: unknown
  #value!: V
  #version = 0

  constructor(owner: EntryOwner<V>) {
    this.#owner = owner
  }

  get size(): number {
    return this.#size
  }

  get keyWidth(): KeyWidth {
    return this.#size === 0 ? KeyWidth.INT : keyWidthOf(this.#identity)
  }

  get holdsNumbers(): boolean {
    return this.#size === 0 || typeof this.#value === 'number'
  }

  get(identity: KeyIdentity): V | undefined {
    if (!this.#isOf(identity)) return undefined
    // Whoever gets an object may change it: the snapshot takes it first. The work is only moved.
    if (typeof this.#value === 'object') this.serialize()
    return this.#value
  }

  update(identity: KeyIdentity, value: V): boolean {
    if (!this.#isOf(identity)) return false
    this.serialize()
    this.#value = value
    return true
  }

  fold<IN>(
    identity: KeyIdentity,
    input: IN,
    fold: (value: V | undefined, input: IN) => V,
  ): boolean {
    if (!this.#isOf(identity)) return false
    this.serialize()
    this.#value = fold(this.#value, input)
    return true
  }

  remove(identity: KeyIdentity): boolean {
    if (!this.#isOf(identity)) return false
    this.serialize()
    this.#size = 0
    return true
  }

  hasRoomFor(): boolean {
    return this.#size === 0
  }

  insert(identity: KeyIdentity, key: unknown, value: V, version: number): void {
    this.#size = 1
    this.#identity = identity
    // An integer is handed out as its identity, as typed tables do: never as -0.
    this.#key = keyWidthOf(identity) === KeyWidth.ANY ? key : identity
    this.#value = value
    this.#version = version
  }

  moveTo(others: HeapEntries<V>): void {
    if (this.#size === 1) others.insert(this.#identity, this.#key, this.#value, this.#version)
  }

  forEach(visit: (key: unknown, value: V) => void): void {
    for (const cursor = this.cursor(); cursor.next(); ) {
      if (typeof cursor.value === 'object') cursor.serialize()
      visit(cursor.key, cursor.value)
    }
  }

  cursor(): EntryCursor<V> {
    return new LoneCursor(this)
  }

  get key(): unknown {
    return this.#key
  }

  get value(): V {
    return this.#value
  }

  /** Serializes the entry if it is below the line. @returns whether it was */
  serialize(): boolean {
    const { line } = this.#owner
    if (this.#version >= line.cut) return false
    this.#owner.serialize(this.#key, this.#value)
    this.#version = line.version
    return true
  }

  /** As a map compares keys: NaN is equal to itself. */
  #isOf(identity: KeyIdentity): boolean {
    return this.#size === 1 && Object.is(identity, this.#identity)
  }
}

class LoneCursor<V> implements EntryCursor<V> {
  readonly #entry: LoneEntry<V>
  #isAtEnd = false

  constructor(entry: LoneEntry<V>) {
    this.#entry = entry
  }

  next(): boolean {
    if (this.#isAtEnd) return false
    this.#isAtEnd = true
    return this.#entry.size === 1
  }

  get key(): unknown {
    return this.#entry.key
  }

  get value(): V {
    return this.#entry.value
  }

  serialize(): boolean {
    return this.#entry.serialize()
  }

  passBlock(): undefined {
    return undefined
  }
}
