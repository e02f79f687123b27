import type { KeyIdentity } from '../../types/key-identity.ts'
import type { SnapshotLine } from './snapshot-line.ts'

/** What entries need of the namespace they are in. */
export interface EntryOwner<V> {
  readonly line: SnapshotLine
  /** Writes an entry below the line into the open snapshot, before it changes. */
  serialize(key: unknown, value: V): void
}

/**
 * The entries of a namespace in order of insertion, in one of three forms: `LoneEntry` for one,
 * `MapEntries` for some of any keys, `IntEntries` for many of integer keys. An entry below the line
 * is serialized before it changes or leaves.
 *
 * Only an insertion may need another form or size: then `HeapNamespace` moves all entries over to
 * other ones, in their order and with their versions, and these here are not used any more.
 */
export interface HeapEntries<V> {
  readonly size: number
  /** The width of the widest key. */
  readonly keyWidth: KeyWidth
  /** True if all values are numbers, so that they may be kept without boxes. */
  readonly holdsNumbers: boolean
  get(identity: KeyIdentity): V | undefined
  /** Gives an entry another value. @returns false if there is no entry of the key */
  update(identity: KeyIdentity, value: V): boolean
  /** See `NamespaceView.fold`. @returns false if there is no entry of the key */
  fold<IN>(identity: KeyIdentity, input: IN, fold: (value: V | undefined, input: IN) => V): boolean
  /** @returns false if there is no entry of the key */
  remove(identity: KeyIdentity): boolean
  /** True if these entries can take one more, of this key. */
  hasRoomFor(identity: KeyIdentity): boolean
  /** Adds an entry of a key that has none, where there is room for it. */
  insert(identity: KeyIdentity, key: unknown, value: V, version: number): void
  /** Inserts all entries into others that are empty. */
  moveTo(others: HeapEntries<V>): void
  /** Calls `visit` for each entry; entries may be removed meanwhile. */
  forEach(visit: (key: unknown, value: V) => void): void
  /** A walk that bears all changes made between its steps. */
  cursor(): EntryCursor<V>
}

/** A walk over entries in order of insertion. */
export interface EntryCursor<V> {
  /** Goes to the next entry. @returns false at the end */
  next(): boolean
  /** Of the entry that `next` went to; read before anything changes. */
  readonly key: unknown
  readonly value: V
  /** Serializes that entry if it is below the line. @returns whether it was */
  serialize(): boolean
  /**
   * Passes over a block of entries that a snapshot has or takes as a whole.
   * @returns how many entries it took; undefined if the next entry is in no such block
   */
  passBlock(): number | undefined
}

/** What a column of keys must be made for: 32-bit integers, safe integers, or keys of any kind. */
export const KeyWidth = { INT: 0, WIDE: 1, ANY: 2 } as const

export type KeyWidth = (typeof KeyWidth)[keyof typeof KeyWidth]

/** The width of a key. */
export function keyWidthOf(identity: KeyIdentity): KeyWidth {
  if (isInt32(identity)) return KeyWidth.INT
  return Number.isSafeInteger(identity) ? KeyWidth.WIDE : KeyWidth.ANY
}

/** The width of the wider one. */
export function widerOf(left: KeyWidth, right: KeyWidth): KeyWidth {
  return left > right ? left : right
}

/**
 * True for keys of 32 bits. Integers have one identity each: that of -0 is 0, see
 * `keyIdentity`.
 */
export function isInt32(identity: KeyIdentity): identity is number {
  return typeof identity === 'number' && (identity | 0) === identity
}
