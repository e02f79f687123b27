import type { ByteWriter } from '../../base/byte-writer.ts'
import { IntSlotsBytes } from './int-slots-bytes.ts'
import { writeInts } from './write-ints.ts'

/** The smallest index has 16 cells: there may be a map per key. */
const MIN_CELL_BITS = 4

/** How full the index may get: linear probing becomes slow above. */
const MAX_LOAD = 0.6

/**
 * The entries of one map in state whose keys are 32-bit integers, in order of insertion.
 *
 * Written for the cache, as `IntIndex` is, but for many small maps too: everything lies in one
 * array, since each object between the map and its numbers costs a miss. First the cells of the
 * index, in which slot + 1 stands, then the slots: a key and its value side by side. There is no
 * version, because a map is serialized as a whole; `IntSlotsBytes` spares large ones most of that.
 * Values that are no 32-bit integers lie in an array of their own, as soon as there is one.
 *
 * A removal leaves a hole: a slot that no cell names. Where there are no slots left, `StateMap`
 * moves the entries to others. The cases `heap-map-*` of the benchmarks guard it.
 */
export class IntSlots<V> {
  readonly #words: Int32Array
  readonly #cellCount: number
  readonly #shift: number
  /** All values by slot, if not all are 32-bit integers. */
  #values: V[] | undefined
  /** From the first snapshot of a large map on, until there is a hole. */
  #bytes: IntSlotsBytes | undefined
  /** Slots in use, holes included. */
  #slotCount = 0
  #size = 0

  /** @param minSlots how many entries there is room for, at least */
  constructor(minSlots: number) {
    const cellBits = Math.max(MIN_CELL_BITS, Math.ceil(Math.log2((minSlots + 1) / MAX_LOAD)))
    this.#cellCount = 2 ** cellBits
    this.#shift = 32 - cellBits
    this.#words = new Int32Array(this.#cellCount + 2 * Math.floor(this.#cellCount * MAX_LOAD))
  }

  get size(): number {
    return this.#size
  }

  get hasRoom(): boolean {
    return this.#cellCount + 2 * this.#slotCount < this.#words.length
  }

  /**
   * Writes keys and values in turn, in order, as the serializer of `int` would.
   * @returns false, and writes nothing, if there are holes or not all values are 32-bit integers
   */
  write(output: ByteWriter): boolean {
    if (this.#values !== undefined || this.#slotCount > this.#size) return false
    const first = this.#cellCount
    const pairs = this.#words.subarray(first, first + 2 * this.#size)
    if (this.#bytes === undefined && IntSlotsBytes.paysFor(this.#size)) {
      this.#bytes = new IntSlotsBytes(this.#capacity)
    }
    if (this.#bytes === undefined) writeInts(pairs, output)
    else this.#bytes.write(pairs, output)
    return true
  }

  has(key: number): boolean {
    return this.#find(key) >= 0
  }

  get(key: number): V | undefined {
    const slot = this.#find(key)
    return slot < 0 ? undefined : this.valueAt(slot)
  }

  /** @returns false if there is no entry of the key */
  update(key: number, value: V): boolean {
    const slot = this.#find(key)
    if (slot < 0) return false
    this.#set(slot, value)
    return true
  }

  /** Adds an entry of a key that has none, where there is room for it. */
  insert(key: number, value: V): void {
    const words = this.#words
    const mask = this.#cellCount - 1
    const slot = this.#slotCount++
    let cell = this.#home(key)
    while (words[cell] !== 0) cell = (cell + 1) & mask
    words[cell] = slot + 1
    words[this.#cellCount + 2 * slot] = key
    this.#set(slot, value)
    this.#size++
  }

  /**
   * Cells behind the gap move into it, as far as that brings them no further than their home: a
   * lookup stops at the first empty cell.
   * @returns false if there is no entry of the key
   */
  remove(key: number): boolean {
    const slot = this.#find(key)
    if (slot < 0) return false
    const words = this.#words
    const mask = this.#cellCount - 1
    let gap = this.#home(key)
    while (words[gap] !== slot + 1) gap = (gap + 1) & mask
    for (let cell = (gap + 1) & mask; words[cell] !== 0; cell = (cell + 1) & mask) {
      const moved = words[cell] as number
      const fromHome = (cell - this.#home(this.keyAt(moved - 1))) & mask
      if (fromHome < ((cell - gap) & mask)) continue
      words[gap] = moved
      gap = cell
    }
    words[gap] = 0
    if (this.#values !== undefined) this.#values[slot] = undefined as V
    this.#bytes = undefined
    this.#size--
    return true
  }

  /** The same entries without holes, and with room for more. */
  larger(): IntSlots<V> {
    const larger = new IntSlots<V>(this.#size * 1.5)
    for (let slot = this.nextSlot(-1); slot >= 0; slot = this.nextSlot(slot)) {
      larger.insert(this.keyAt(slot), this.valueAt(slot))
    }
    // They are there only where there are no holes: the entries have kept their slots.
    this.#bytes?.grow(larger.#capacity)
    larger.#bytes = this.#bytes
    return larger
  }

  /** The next slot that holds an entry, -1 at the end. Start with -1. */
  nextSlot(after: number): number {
    const hasHoles = this.#slotCount > this.#size
    for (let slot = after + 1; slot < this.#slotCount; slot++) {
      if (!hasHoles || this.#find(this.keyAt(slot)) === slot) return slot
    }
    return -1
  }

  keyAt(slot: number): number {
    return this.#words[this.#cellCount + 2 * slot] as number
  }

  valueAt(slot: number): V {
    const values = this.#values
    if (values !== undefined) return values[slot] as V
    return this.#words[this.#cellCount + 2 * slot + 1] as V
  }

  /** How many slots there are. */
  get #capacity(): number {
    return (this.#words.length - this.#cellCount) / 2
  }

  #find(key: number): number {
    const words = this.#words
    const cellCount = this.#cellCount
    for (let cell = this.#home(key); ; cell = (cell + 1) & (cellCount - 1)) {
      const slot = (words[cell] as number) - 1
      if (slot < 0 || words[cellCount + 2 * slot] === key) return slot
    }
  }

  #set(slot: number, value: V): void {
    if (this.#bytes !== undefined) this.#bytes.mark(slot)
    if (this.#values === undefined && !isInt(value)) this.#holdAnything()
    if (this.#values !== undefined) this.#values[slot] = value
    else this.#words[this.#cellCount + 2 * slot + 1] = value as number
  }

  /** Goes over to boxes, for a value that is no 32-bit integer, whatever the declared type says. */
  #holdAnything(): void {
    const values = new Array<unknown>(this.#capacity).fill(undefined)
    for (let slot = 0; slot < this.#slotCount; slot++) values[slot] = this.valueAt(slot)
    this.#values = values as V[]
  }

  /** As in `IntIndex`. */
  #home(key: number): number {
    return Math.imul(key, 0x9e3779b1) >>> this.#shift
  }
}

/** Not for -0, which other types than `int` tell from 0. */
function isInt(value: unknown): value is number {
  return typeof value === 'number' && Object.is(value | 0, value)
}
