import type { KeyIdentity } from '../../types/key-identity.ts'
import type { BlockBytes } from './block-bytes.ts'
import { type EntryCursor, type HeapEntries, KeyWidth, keyWidthOf } from './heap-entries.ts'
import { IntIndex } from './int-index.ts'
import { type BlockOwner, SlotBlocks } from './slot-blocks.ts'
import type { SnapshotLine } from './snapshot-line.ts'

/** The smallest index has 64 cells. */
const MIN_CELL_BITS = 6

/** How full the index may get: linear probing becomes slow above. */
const MAX_LOAD = 0.6

/** Of so many entries one may be a hole in a table whose slots are taken over as they are. */
const MAX_HOLES = 8

/** The version of a slot whose entry was removed: never below the line. */
const REMOVED = 0x7fff_ffff

/**
 * Entries of integer keys in columns, found by an open-addressing index.
 *
 * A `Map` of objects costs an access three cache misses, the garbage collector an object to trace
 * per entry, and numbers a box each. Here an entry is a slot, in order of insertion, of a column of
 * keys (of 32 bits if that is enough for all), one of versions and one of values; numbers lie in
 * a Float64Array as long as there are only numbers. An update touches the index and the value, and
 * the version only while a snapshot is open. A slot is never used twice: a removal leaves a hole,
 * and where there are no slots left (or mostly holes), `HeapNamespace` moves the entries to columns
 * of another size. So a walk is a slot number, and the order is that of a `Map`. The cases
 * `heap-int-*` and `heap-wide-*` of the benchmarks guard it.
 */
export class IntEntries<V> implements HeapEntries<V> {
  readonly #owner: BlockOwner<V>
  readonly #line: SnapshotLine
  readonly #keyWidth: KeyWidth
  readonly #index: IntIndex
  readonly #keys: Int32Array | Float64Array
  readonly #versions: Int32Array
  /** Only of large tables. */
  readonly #blocks: SlotBlocks | undefined
  #values: Float64Array | V[]
  #holdsNumbers: boolean
  /** Slots in use, holes included. */
  #slotCount = 0
  #size = 0

  /**
   * @param minSlots how many entries there is room for, at least
   * @param keyWidth of the widest key there will be; not for keys of any kind
   * @param holdsNumbers whether the first ones are all numbers
   */
  constructor(owner: BlockOwner<V>, minSlots: number, keyWidth: KeyWidth, holdsNumbers: boolean) {
    this.#owner = owner
    this.#line = owner.line
    const cellBits = Math.max(MIN_CELL_BITS, Math.ceil(Math.log2((minSlots + 1) / MAX_LOAD)))
    const slots = Math.floor(2 ** cellBits * MAX_LOAD)
    const isWide = keyWidth !== KeyWidth.INT
    this.#keyWidth = keyWidth
    this.#index = new IntIndex(cellBits, isWide)
    this.#keys = isWide ? new Float64Array(slots) : new Int32Array(slots)
    this.#versions = new Int32Array(slots)
    const { blockSlots } = owner
    const isLarge = blockSlots !== undefined && slots >= blockSlots
    this.#blocks = isLarge ? new SlotBlocks(slots, blockSlots) : undefined
    this.#values = holdsNumbers ? new Float64Array(slots) : makeValues<V>(slots)
    this.#holdsNumbers = holdsNumbers
  }

  get size(): number {
    return this.#size
  }

  get keyWidth(): KeyWidth {
    return this.#keyWidth
  }

  get holdsNumbers(): boolean {
    return this.#holdsNumbers
  }

  /** Slots of a block; undefined if there are none. */
  get blockSlots(): number | undefined {
    return this.#blocks?.blockSlots
  }

  get(identity: KeyIdentity): V | undefined {
    const slot = this.#slotOf(identity)
    if (slot < 0) return undefined
    const value = this.#values[slot] as V
    // Whoever gets an object may change it: the snapshot takes it first. The work is only moved.
    if (typeof value === 'object') this.#beforeChange(slot)
    return value
  }

  update(identity: KeyIdentity, value: V): boolean {
    const slot = this.#slotOf(identity)
    if (slot < 0) return false
    this.#beforeChange(slot)
    this.#set(slot, value)
    return true
  }

  fold<IN>(
    identity: KeyIdentity,
    input: IN,
    fold: (value: V | undefined, input: IN) => V,
  ): boolean {
    const slot = this.#slotOf(identity)
    if (slot < 0) return false
    this.#beforeChange(slot)
    this.#set(slot, fold(this.#values[slot] as V, input))
    return true
  }

  remove(identity: KeyIdentity): boolean {
    const slot = this.#slotOf(identity)
    if (slot < 0) return false
    this.#beforeChange(slot)
    this.#index.remove(identity as number)
    this.#versions[slot] = REMOVED
    if (!this.#holdsNumbers) this.#values[slot] = undefined as V
    this.#size--
    return true
  }

  hasRoomFor(identity: KeyIdentity): boolean {
    const slotCount = this.#slotCount
    if (slotCount >= this.#keys.length || this.#size * 8 < slotCount) return false
    return keyWidthOf(identity) <= this.#keyWidth
  }

  insert(identity: KeyIdentity, _key: unknown, value: V, version: number): void {
    const slot = this.#slotCount++
    this.#blocks?.change(slot, this.#line.version)
    this.#index.insert(identity as number, slot)
    this.#keys[slot] = identity as number
    this.#versions[slot] = version
    this.#set(slot, value)
    this.#size++
  }

  moveTo(others: HeapEntries<V>): void {
    const holes = this.#slotCount - this.#size
    // With its slots a table keeps what is known of its blocks: few holes are worth it.
    const heir =
      others instanceof IntEntries && holes * MAX_HOLES <= this.#size ? others : undefined
    for (let slot = 0; slot < this.#slotCount; slot++) {
      if (this.#versions[slot] === REMOVED) {
        if (heir !== undefined) heir.#leaveHole()
        continue
      }
      const key = this.#keys[slot] as number
      others.insert(key, key, this.#values[slot] as V, this.#versionOf(slot))
    }
    if (heir !== undefined && this.#blocks !== undefined) heir.#blocks?.goOnFrom(this.#blocks)
  }

  forEach(visit: (key: unknown, value: V) => void): void {
    for (let slot = this.nextSlot(-1); slot >= 0; slot = this.nextSlot(slot)) {
      const value = this.#values[slot] as V
      if (typeof value === 'object') this.#beforeChange(slot)
      visit(this.#keys[slot], value)
    }
  }

  cursor(): EntryCursor<V> {
    return new IntCursor(this)
  }

  /** The next slot that holds an entry, -1 at the end. */
  nextSlot(after: number): number {
    for (let slot = after + 1; slot < this.#slotCount; slot++) {
      if (this.#versions[slot] !== REMOVED) return slot
    }
    return -1
  }

  keyAt(slot: number): number {
    return this.#keys[slot] as number
  }

  valueAt(slot: number): V {
    return this.#values[slot] as V
  }

  /** Serializes an entry if it is below the line. @returns whether it was */
  serializeAt(slot: number): boolean {
    if (this.#versionOf(slot) >= this.#line.cut) return false
    this.#owner.serialize(this.#keys[slot], this.#values[slot] as V)
    this.#versions[slot] = this.#line.version
    return true
  }

  /** See `EntryCursor.passBlock`, for the block that begins at `slot`. */
  passBlockAt(slot: number): number | undefined {
    const blocks = this.#blocks
    const { cut } = this.#line
    if (blocks === undefined || slot + blocks.blockSlots > this.#slotCount) return undefined
    if (blocks.takenAt(slot) >= cut) return 0
    // Some of its entries are above the line, or serialized already.
    if (blocks.changedAt(slot) >= cut) return undefined
    const bytes = blocks.bytesOf(slot) ?? this.#serializeBlock(slot, blocks)
    this.#takeBlock(slot, bytes, blocks)
    return bytes.count
  }

  #beforeChange(slot: number): void {
    const blocks = this.#blocks
    const { cut, version } = this.#line
    if (blocks !== undefined && blocks.changedAt(slot) !== version) this.#changeBlock(slot, blocks)
    // Looks at the version only while a snapshot is open: it is a cache miss more.
    if (cut > 0) this.serializeAt(slot)
  }

  /** If the bytes of a block are kept, they go into the open snapshot before an entry changes. */
  #changeBlock(slot: number, blocks: SlotBlocks): void {
    const { cut, version } = this.#line
    const kept = blocks.bytesOf(slot)
    if (kept !== undefined && blocks.takenAt(slot) < cut) this.#takeBlock(slot, kept, blocks)
    blocks.change(slot, version)
  }

  #takeBlock(slot: number, bytes: BlockBytes, blocks: SlotBlocks): void {
    this.#owner.takeBlock(bytes)
    blocks.take(slot, bytes, this.#line.version)
  }

  #serializeBlock(first: number, { blockSlots }: SlotBlocks): BlockBytes {
    const keys: number[] = []
    const values: V[] = []
    for (let slot = first; slot < first + blockSlots; slot++) {
      if (this.#versions[slot] === REMOVED) continue
      keys.push(this.#keys[slot] as number)
      values.push(this.#values[slot] as V)
    }
    return this.#owner.serializeBlock(keys, values)
  }

  /** The version of the entry, or that of the snapshot that has its block as a whole. */
  #versionOf(slot: number): number {
    const version = this.#versions[slot] as number
    const blocks = this.#blocks
    return blocks === undefined ? version : Math.max(version, blocks.takenAt(slot))
  }

  #leaveHole(): void {
    this.#versions[this.#slotCount++] = REMOVED
  }

  #slotOf(identity: KeyIdentity): number {
    if (keyWidthOf(identity) > this.#keyWidth) return -1
    return this.#index.find(identity as number)
  }

  #set(slot: number, value: V): void {
    if (typeof value !== 'number' && this.#holdsNumbers) this.#holdAnything()
    this.#values[slot] = value as V & number
  }

  /** Goes over to boxes, for a value that is not a number, whatever the declared type says. */
  #holdAnything(): void {
    const numbers = this.#values as Float64Array
    const values = makeValues<V>(numbers.length)
    for (let slot = 0; slot < this.#slotCount; slot++) values[slot] = numbers[slot] as V
    this.#values = values
    this.#holdsNumbers = false
  }
}

/**
 * An array of one kind for all tables: one that first held small integers would be of another kind
 * to the compiler, and with many kinds each access is slow.
 */
function makeValues<V>(length: number): V[] {
  return new Array<unknown>(length).fill(undefined) as V[]
}

/** A slot number; the table is replaced, not rearranged, so it stays right. */
class IntCursor<V> implements EntryCursor<V> {
  readonly #entries: IntEntries<V>
  #slot = -1

  constructor(entries: IntEntries<V>) {
    this.#entries = entries
  }

  next(): boolean {
    const next = this.#entries.nextSlot(this.#slot)
    if (next < 0) return false
    this.#slot = next
    return true
  }

  get key(): unknown {
    return this.#entries.keyAt(this.#slot)
  }

  get value(): V {
    return this.#entries.valueAt(this.#slot)
  }

  serialize(): boolean {
    return this.#entries.serializeAt(this.#slot)
  }

  passBlock(): number | undefined {
    const { blockSlots } = this.#entries
    if (blockSlots === undefined) return undefined
    // Not simply the next slot: a block may begin or end with holes.
    const next = this.#entries.nextSlot(this.#slot)
    const first = next - (next % blockSlots)
    if (next < 0 || first <= this.#slot) return undefined
    const taken = this.#entries.passBlockAt(first)
    if (taken !== undefined) this.#slot = first + blockSlots - 1
    return taken
  }
}
