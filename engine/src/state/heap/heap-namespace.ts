import { type KeyIdentity, keyIdentity } from '../../types/key-identity.ts'
import type { NamespaceView } from '../keyed-state-backend.ts'
import { type Namespace, VOID_NAMESPACE } from '../namespace.ts'
import type { BlockBytes } from './block-bytes.ts'
import { EntryTrail } from './entry-trail.ts'
import {
  type EntryCursor,
  type HeapEntries,
  KeyWidth,
  keyWidthOf,
  widerOf,
} from './heap-entries.ts'
import { IntEntries } from './int-entries.ts'
import { LoneEntry } from './lone-entry.ts'
import { MapEntries } from './map-entries.ts'
import type { BlockOwner } from './slot-blocks.ts'
import { SnapshotLine } from './snapshot-line.ts'

/** What a namespace needs of its table. */
export interface NamespaceOwner<V> {
  readonly line: SnapshotLine
  /** How many entries of integer keys a namespace keeps in a map before it makes a typed table. */
  readonly mapLimit: number
  /** Leads through the entries of one key in the void namespaces of all tables. */
  readonly trail: EntryTrail
  /** How many entries the namespace had that was removed last; 0 if none was. */
  readonly lastSize: number
  /** See `BlockOwner`. */
  readonly blockSlots: number | undefined
  /** Writes an entry below the line into the open snapshot, before it changes. */
  serialize(namespace: Namespace, key: unknown, value: V): void
  /** See `BlockOwner`. */
  serializeBlock(namespace: Namespace, keys: readonly number[], values: readonly V[]): BlockBytes
  /** See `BlockOwner`. */
  takeBlock(bytes: BlockBytes): void
  /** The node of a namespace, if it has entries. */
  find(namespace: Namespace): HeapNamespace<V> | undefined
  /** Takes an empty node up again as that of its namespace. */
  attach(node: HeapNamespace<V>): void
  /** Forgets a node that has no entries left, unless it is that of the void namespace. */
  drop(node: HeapNamespace<V>): void
}

/** Entries of a node that its table has forgotten: always empty, never written. */
const DROPPED: HeapEntries<never> = new LoneEntry<never>({
  line: new SnapshotLine(),
  serialize: () => {},
})

/**
 * The entries of one namespace of a table, by the identity of their keys.
 *
 * A view that outlives its namespace (all entries were removed) stays usable: on its next write it
 * becomes the namespace's node again, or passes everything on to the node that replaced it.
 */
export class HeapNamespace<V> implements NamespaceView<V>, BlockOwner<V> {
  readonly namespace: Namespace
  readonly line: SnapshotLine
  readonly #owner: NamespaceOwner<V>
  #entries: HeapEntries<V> = DROPPED

  /** A node as its table forgets it; the first write attaches it. */
  constructor(namespace: Namespace, owner: NamespaceOwner<V>) {
    this.namespace = namespace
    this.line = owner.line
    this.#owner = owner
  }

  get size(): number {
    if (this.#entries !== DROPPED) return this.#entries.size
    return this.#successor?.size ?? 0
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
    if (this.#entries !== DROPPED) return this.#entries.get(identity)
    return this.#successor?.getBy(identity)
  }

  /** As {@link NamespaceView.put}, for a key whose identity is known. */
  putBy(identity: KeyIdentity, key: unknown, value: V): void {
    if (!this.#entries.update(identity, value)) this.#insert(identity, key, value)
  }

  /** As {@link NamespaceView.fold}, for a key whose identity is known. */
  foldBy<IN>(
    identity: KeyIdentity,
    key: unknown,
    input: IN,
    fold: (value: V | undefined, input: IN) => V,
  ): void {
    if (!this.#entries.fold(identity, input, fold)) this.#foldMissing(identity, key, input, fold)
  }

  /** As {@link NamespaceView.remove}, for the identity of a key. */
  removeBy(identity: KeyIdentity): void {
    if (!this.#entries.remove(identity)) {
      if (this.#entries === DROPPED) this.#successor?.removeBy(identity)
      return
    }
    this.line.entryCount--
    if (this.#entries.size > 0) return
    this.#entries = DROPPED
    this.#owner.drop(this)
  }

  forEach(visit: (key: unknown, value: V) => void): void {
    if (this.#entries !== DROPPED) this.#entries.forEach(visit)
    else this.#successor?.forEach(visit)
  }

  /** All entries of this node, for snapshots and cleanup; it bears changes on its way. */
  cursor(): EntryCursor<V> {
    return new NamespaceCursor(() => this.#entries)
  }

  /** Takes all entries out at once, and leaves a node that its table forgets. */
  takeEntries(): HeapEntries<V> {
    const taken = this.#entries
    this.#entries = DROPPED
    return taken
  }

  get blockSlots(): number | undefined {
    return this.#owner.blockSlots
  }

  serialize(key: unknown, value: V): void {
    this.#owner.serialize(this.namespace, key, value)
  }

  serializeBlock(keys: readonly number[], values: readonly V[]): BlockBytes {
    return this.#owner.serializeBlock(this.namespace, keys, values)
  }

  takeBlock(bytes: BlockBytes): void {
    this.#owner.takeBlock(bytes)
  }

  /** The node that replaced this one after it was dropped. */
  get #successor(): HeapNamespace<V> | undefined {
    const found = this.#owner.find(this.namespace)
    return found === this ? undefined : found
  }

  #foldMissing<IN>(
    identity: KeyIdentity,
    key: unknown,
    input: IN,
    fold: (value: V | undefined, input: IN) => V,
  ): void {
    const successor = this.#entries === DROPPED ? this.#successor : undefined
    if (successor !== undefined) {
      successor.foldBy(identity, key, input, fold)
      return
    }
    const { entryCount } = this.line
    const value = fold(undefined, input)
    // A function that uses this very state may have made the entry meanwhile.
    if (this.line.entryCount === entryCount) this.#insert(identity, key, value)
    else this.putBy(identity, key, value)
  }

  #insert(identity: KeyIdentity, key: unknown, value: V): void {
    if (this.#entries === DROPPED) {
      const successor = this.#successor
      if (successor !== undefined) {
        successor.putBy(identity, key, value)
        return
      }
      this.#owner.attach(this)
      this.#entries = this.#formFor(identity)
    } else if (!this.#entries.hasRoomFor(identity)) {
      const moved = this.#formFor(identity)
      this.#entries.moveTo(moved)
      this.#entries = moved
    }
    this.#entries.insert(identity, key, value, this.line.version)
    this.line.entryCount++
  }

  /** The entries of removed namespaces stay alive for a while: none of others may lead there. */
  #trail(): EntryTrail {
    return this.namespace === VOID_NAMESPACE ? this.#owner.trail : new EntryTrail()
  }

  /** Empty, with room for the entries there are and one more. */
  #formFor(identity: KeyIdentity): HeapEntries<V> {
    const { size, keyWidth, holdsNumbers } = this.#entries
    const { mapLimit } = this.#owner
    const width = widerOf(keyWidth, keyWidthOf(identity))
    if (width !== KeyWidth.ANY && size >= mapLimit) {
      // A window mostly gets as many keys as the last one had; a wrong guess costs little.
      const guess = Math.min(this.#owner.lastSize * 1.1, size * 8)
      return new IntEntries(this, Math.max(size * 1.5, guess), width, holdsNumbers)
    }
    return size === 0 ? new LoneEntry(this) : new MapEntries(this, mapLimit, this.#trail())
  }
}

/** Starts over where the entries were moved: what it has serialized is not below the line. */
class NamespaceCursor<V> implements EntryCursor<V> {
  readonly #current: () => HeapEntries<V>
  #entries: HeapEntries<V>
  #cursor: EntryCursor<V>

  constructor(current: () => HeapEntries<V>) {
    this.#current = current
    this.#entries = current()
    this.#cursor = this.#entries.cursor()
  }

  next(): boolean {
    this.#startOverIfMoved()
    return this.#cursor.next()
  }

  get key(): unknown {
    return this.#cursor.key
  }

  get value(): V {
    return this.#cursor.value
  }

  serialize(): boolean {
    return this.#cursor.serialize()
  }

  passBlock(): number | undefined {
    this.#startOverIfMoved()
    return this.#cursor.passBlock()
  }

  #startOverIfMoved(): void {
    const entries = this.#current()
    if (entries === this.#entries) return
    this.#entries = entries
    this.#cursor = entries.cursor()
  }
}
