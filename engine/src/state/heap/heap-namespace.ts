import { type KeyIdentity, keyIdentity } from '../../types/key-identity.ts'
import type { NamespaceView } from '../keyed-state-backend.ts'
import type { Namespace } from '../namespace.ts'
import { HeapEntry } from './heap-entry.ts'
import type { SnapshotLine } from './snapshot-line.ts'

/** What a namespace needs of its table. */
export interface NamespaceOwner<V> {
  /** Writes an entry below the line into the open snapshot, before it changes. */
  serialize(namespace: Namespace, entry: HeapEntry<V>): void
  /** The node of a namespace, if it has entries. */
  find(namespace: Namespace): HeapNamespace<V> | undefined
  /** Takes an empty node up again as that of its namespace. */
  attach(node: HeapNamespace<V>): void
  /** Forgets a node that has no entries left. */
  drop(node: HeapNamespace<V>): void
}

/** Entries of a node that its table has forgotten: always empty, never written. */
const DROPPED: Map<KeyIdentity, HeapEntry<never>> = new Map()

/**
 * The entries of one namespace of a table, by the identity of their keys.
 *
 * A view that outlives its namespace (all entries were removed) stays usable: on its next write it
 * becomes the namespace's node again, or passes everything on to the node that replaced it.
 */
export class HeapNamespace<V> implements NamespaceView<V> {
  readonly namespace: Namespace
  readonly #owner: NamespaceOwner<V>
  readonly #line: SnapshotLine
  #entries: Map<KeyIdentity, HeapEntry<V>> = new Map()
  /** The entry that was found last: an update follows most reads. */
  #last: HeapEntry<V> | undefined
  #lastIdentity: KeyIdentity

  constructor(namespace: Namespace, owner: NamespaceOwner<V>, line: SnapshotLine) {
    this.namespace = namespace
    this.#owner = owner
    this.#line = line
  }

  get size(): number {
    if (this.#entries !== DROPPED) return this.#entries.size
    return this.#owner.find(this.namespace)?.size ?? 0
  }

  get(key: unknown): V | undefined {
    return this.getBy(keyIdentity(key))
  }

  put(key: unknown, value: V): void {
    this.putBy(keyIdentity(key), key, value)
  }

  remove(key: unknown): void {
    this.removeBy(keyIdentity(key))
  }

  fold<IN>(key: unknown, input: IN, fold: (value: V | undefined, input: IN) => V): void {
    this.foldBy(keyIdentity(key), key, input, fold)
  }

  /** As {@link NamespaceView.get}, for the identity of a key. */
  getBy(identity: KeyIdentity): V | undefined {
    const entry = this.#find(identity)
    if (entry === undefined) {
      if (this.#entries !== DROPPED) return undefined
      return this.#owner.find(this.namespace)?.getBy(identity)
    }
    // Whoever gets an object may change it: the snapshot takes it first. The work is only moved.
    if (entry.version < this.#line.cut && typeof entry.value === 'object') {
      this.#owner.serialize(this.namespace, entry)
    }
    return entry.value
  }

  /** As {@link NamespaceView.put}, for a key whose identity is known. */
  putBy(identity: KeyIdentity, key: unknown, value: V): void {
    const entry = this.#find(identity)
    if (entry === undefined) {
      this.#insert(identity, key, value)
      return
    }
    if (entry.version < this.#line.cut) this.#owner.serialize(this.namespace, entry)
    entry.value = value
  }

  /** As {@link NamespaceView.fold}, for a key whose identity is known. */
  foldBy<IN>(
    identity: KeyIdentity,
    key: unknown,
    input: IN,
    fold: (value: V | undefined, input: IN) => V,
  ): void {
    const entry = this.#find(identity)
    if (entry === undefined) {
      this.#foldMissing(identity, key, input, fold)
      return
    }
    if (entry.version < this.#line.cut) this.#owner.serialize(this.namespace, entry)
    entry.value = fold(entry.value, input)
  }

  /** As {@link NamespaceView.remove}, for the identity of a key. */
  removeBy(identity: KeyIdentity): void {
    const entry = this.#find(identity)
    if (entry === undefined) {
      if (this.#entries === DROPPED) this.#owner.find(this.namespace)?.removeBy(identity)
      return
    }
    if (entry.version < this.#line.cut) this.#owner.serialize(this.namespace, entry)
    this.#entries.delete(identity)
    this.#last = undefined
    this.#line.entryCount--
    if (this.#entries.size === 0) this.#owner.drop(this)
  }

  forEach(visit: (key: unknown, value: V) => void): void {
    if (this.#entries === DROPPED) {
      this.#owner.find(this.namespace)?.forEach(visit)
      return
    }
    for (const entry of this.#entries.values()) {
      if (entry.version < this.#line.cut && typeof entry.value === 'object') {
        this.#owner.serialize(this.namespace, entry)
      }
      visit(entry.key, entry.value)
    }
  }

  /** All entries, for the walk of a snapshot; the iterator bears changes on its way. */
  entries(): MapIterator<HeapEntry<V>> {
    return this.#entries.values()
  }

  /**
   * Gives an entry another value, or removes it for undefined. Does nothing if it is not an entry
   * of this node any more.
   */
  replaceEntry(entry: HeapEntry<V>, value: V | undefined): void {
    const identity = keyIdentity(entry.key)
    if (this.#entries.get(identity) !== entry) return
    if (value === undefined) this.removeBy(identity)
    else this.putBy(identity, entry.key, value)
  }

  /** Takes all entries out at once, and leaves an empty node that is in use. */
  takeEntries(): Map<KeyIdentity, HeapEntry<V>> {
    const taken = this.#entries
    this.#entries = new Map()
    this.#last = undefined
    return taken
  }

  /** Makes this a node that its table has forgotten. */
  markDropped(): void {
    this.#entries = DROPPED
    this.#last = undefined
  }

  #find(identity: KeyIdentity): HeapEntry<V> | undefined {
    const last = this.#last
    if (last !== undefined && identity === this.#lastIdentity) return last
    const found = this.#entries.get(identity)
    this.#last = found
    this.#lastIdentity = identity
    return found
  }

  #foldMissing<IN>(
    identity: KeyIdentity,
    key: unknown,
    input: IN,
    fold: (value: V | undefined, input: IN) => V,
  ): void {
    const successor = this.#entries === DROPPED ? this.#owner.find(this.namespace) : undefined
    if (successor === undefined) this.#insert(identity, key, fold(undefined, input))
    else successor.foldBy(identity, key, input, fold)
  }

  #insert(identity: KeyIdentity, key: unknown, value: V): void {
    if (this.#entries === DROPPED) {
      const successor = this.#owner.find(this.namespace)
      if (successor !== undefined) {
        successor.putBy(identity, key, value)
        return
      }
      this.#entries = new Map()
      this.#owner.attach(this)
    }
    this.#entries.set(identity, new HeapEntry(key, value, this.#line.version))
    this.#line.entryCount++
  }
}
