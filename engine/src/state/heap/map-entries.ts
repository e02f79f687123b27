import type { KeyIdentity } from '../../types/key-identity.ts'
import type { EntryTrail } from './entry-trail.ts'
import {
  type EntryCursor,
  type EntryOwner,
  type HeapEntries,
  KeyWidth,
  keyWidthOf,
  widerOf,
} from './heap-entries.ts'
import { HeapEntry } from './heap-entry.ts'
import type { SnapshotLine } from './snapshot-line.ts'

/** Entries in a map of objects: for keys of every type, small, and the twin of `IntEntries`. */
export class MapEntries<V> implements HeapEntries<V> {
  readonly #owner: EntryOwner<V>
  readonly #line: SnapshotLine
  readonly #intLimit: number
  readonly #entries: Map<KeyIdentity, HeapEntry<V>> = new Map()
  readonly #trail: EntryTrail
  #keyWidth: KeyWidth = KeyWidth.INT

  /** @param intLimit how many entries there may be if all keys are integers */
  constructor(owner: EntryOwner<V>, intLimit: number, trail: EntryTrail) {
    this.#owner = owner
    this.#line = owner.line
    this.#intLimit = intLimit
    this.#trail = trail
  }

  get size(): number {
    return this.#entries.size
  }

  get keyWidth(): KeyWidth {
    return this.#keyWidth
  }

  get holdsNumbers(): boolean {
    for (const { value } of this.#entries.values()) if (typeof value !== 'number') return false
    return true
  }

  get(identity: KeyIdentity): V | undefined {
    const entry = this.#find(identity)
    if (entry === undefined) return undefined
    // Whoever gets an object may change it: the snapshot takes it first. The work is only moved.
    if (typeof entry.value === 'object') this.#beforeChange(entry)
    return entry.value
  }

  update(identity: KeyIdentity, value: V): boolean {
    const entry = this.#find(identity)
    if (entry === undefined) return false
    this.#beforeChange(entry)
    entry.value = value
    return true
  }

  fold<IN>(
    identity: KeyIdentity,
    input: IN,
    fold: (value: V | undefined, input: IN) => V,
  ): boolean {
    const entry = this.#find(identity)
    if (entry === undefined) return false
    this.#beforeChange(entry)
    entry.value = fold(entry.value, input)
    return true
  }

  remove(identity: KeyIdentity): boolean {
    const entry = this.#find(identity)
    if (entry === undefined) return false
    this.#beforeChange(entry)
    this.#entries.delete(identity)
    entry.leave()
    return true
  }

  hasRoomFor(identity: KeyIdentity): boolean {
    if (this.#entries.size < this.#intLimit) return true
    return widerOf(this.#keyWidth, keyWidthOf(identity)) === KeyWidth.ANY
  }

  insert(identity: KeyIdentity, key: unknown, value: V, version: number): void {
    const width = keyWidthOf(identity)
    this.#keyWidth = widerOf(this.#keyWidth, width)
    // An integer is handed out as its identity, as typed tables do: never as -0.
    const handedOut = width === KeyWidth.ANY ? key : identity
    this.#entries.set(identity, new HeapEntry(handedOut, value, version, this))
  }

  moveTo(others: HeapEntries<V>): void {
    for (const [identity, entry] of this.#entries) {
      others.insert(identity, entry.key, entry.value, entry.version)
      // It keeps its value: `forEach` may be on its way over the old entries.
      entry.home = undefined
    }
  }

  forEach(visit: (key: unknown, value: V) => void): void {
    for (const entry of this.#entries.values()) {
      if (typeof entry.value === 'object') this.#beforeChange(entry)
      visit(entry.key, entry.value)
    }
  }

  cursor(): EntryCursor<V> {
    return new MapCursor(this.#entries.values(), (entry) => this.#beforeChange(entry))
  }

  /** @returns whether the entry was below the line */
  #beforeChange(entry: HeapEntry<V>): boolean {
    if (entry.version >= this.#line.cut) return false
    this.#owner.serialize(entry.key, entry.value)
    entry.version = this.#line.version
    return true
  }

  #find(identity: KeyIdentity): HeapEntry<V> | undefined {
    return (
      (this.#trail.follow(this, identity) as HeapEntry<V> | undefined) ?? this.#lookUp(identity)
    )
  }

  #lookUp(identity: KeyIdentity): HeapEntry<V> | undefined {
    const found = this.#entries.get(identity)
    if (found !== undefined) this.#trail.goTo(found, identity)
    return found
  }
}

/** The iterator of a map bears changes of the map by itself. */
class MapCursor<V> implements EntryCursor<V> {
  readonly #entries: Iterator<HeapEntry<V>>
  readonly #beforeChange: (entry: HeapEntry<V>) => boolean
  #entry!: HeapEntry<V>

  constructor(entries: Iterator<HeapEntry<V>>, beforeChange: (entry: HeapEntry<V>) => boolean) {
    this.#entries = entries
    this.#beforeChange = beforeChange
  }

  next(): boolean {
    const step = this.#entries.next()
    if (step.done === true) return false
    this.#entry = step.value
    return true
  }

  get key(): unknown {
    return this.#entry.key
  }

  get value(): V {
    return this.#entry.value
  }

  serialize(): boolean {
    return this.#beforeChange(this.#entry)
  }

  passBlock(): undefined {
    return undefined
  }
}
