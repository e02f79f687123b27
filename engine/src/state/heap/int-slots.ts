import { IntIndex } from './int-index.ts'

/** The smallest index has 16 cells: there may be a map per key. */
const MIN_CELL_BITS = 4

/** How full the index may get: linear probing becomes slow above. */
const MAX_LOAD = 0.6

/**
 * The entries of one map in state whose keys are 32-bit integers: as `IntEntries`, but without
 * versions, because a map is serialized as a whole.
 *
 * An entry is a slot, in order of insertion. A removal leaves a hole: a slot that the index does
 * not name. Where there are no slots left, `StateMap` moves the entries to columns of another size.
 */
export class IntSlots<V> {
  readonly #index: IntIndex
  readonly #keys: Int32Array
  /** Numbers without boxes as long as there are only numbers. */
  #values: Float64Array | V[]
  /** Slots in use, holes included. */
  #slotCount = 0
  #size = 0

  /** @param minSlots how many entries there is room for, at least */
  constructor(minSlots: number) {
    const cellBits = Math.max(MIN_CELL_BITS, Math.ceil(Math.log2((minSlots + 1) / MAX_LOAD)))
    const slots = Math.floor(2 ** cellBits * MAX_LOAD)
    this.#index = new IntIndex(cellBits, false)
    this.#keys = new Int32Array(slots)
    this.#values = new Float64Array(slots)
  }

  get size(): number {
    return this.#size
  }

  get hasRoom(): boolean {
    return this.#slotCount < this.#keys.length
  }

  /** The keys by slot, the numbers by slot if there is nothing else, and no slot is a hole. */
  get columns(): { readonly keys: Int32Array; readonly numbers: Float64Array } | undefined {
    const numbers = this.#values
    if (this.#slotCount > this.#size || !(numbers instanceof Float64Array)) return undefined
    return { keys: this.#keys, numbers }
  }

  has(key: number): boolean {
    return this.#index.find(key) >= 0
  }

  get(key: number): V | undefined {
    const slot = this.#index.find(key)
    return slot < 0 ? undefined : (this.#values[slot] as V)
  }

  /** @returns false if there is no entry of the key */
  update(key: number, value: V): boolean {
    const slot = this.#index.find(key)
    if (slot < 0) return false
    this.#set(slot, value)
    return true
  }

  /** Adds an entry of a key that has none, where there is room for it. */
  insert(key: number, value: V): void {
    const slot = this.#slotCount++
    this.#index.insert(key, slot)
    this.#keys[slot] = key
    this.#set(slot, value)
    this.#size++
  }

  /** @returns false if there is no entry of the key */
  remove(key: number): boolean {
    const slot = this.#index.find(key)
    if (slot < 0) return false
    this.#index.remove(key)
    if (!(this.#values instanceof Float64Array)) this.#values[slot] = undefined as V
    this.#size--
    return true
  }

  /** The next slot that holds an entry, -1 at the end. Start with -1. */
  nextSlot(after: number): number {
    const hasHoles = this.#slotCount > this.#size
    for (let slot = after + 1; slot < this.#slotCount; slot++) {
      if (!hasHoles || this.#index.find(this.#keys[slot] as number) === slot) return slot
    }
    return -1
  }

  keyAt(slot: number): number {
    return this.#keys[slot] as number
  }

  valueAt(slot: number): V {
    return this.#values[slot] as V
  }

  #set(slot: number, value: V): void {
    if (typeof value !== 'number' && this.#values instanceof Float64Array) this.#holdAnything()
    this.#values[slot] = value as V & number
  }

  /** Goes over to boxes, for a value that is not a number, whatever the declared type says. */
  #holdAnything(): void {
    const numbers = this.#values as Float64Array
    const values = new Array<unknown>(numbers.length).fill(undefined) as V[]
    for (let slot = 0; slot < this.#slotCount; slot++) values[slot] = numbers[slot] as V
    this.#values = values
  }
}
