/**
 * Finds the slots of integer keys: of 32 bits, or wide ones up to 2^53, such as two ids in one.
 *
 * Written for the cache, since a lookup in a large table costs what its cache misses cost: key and
 * slot lie next to each other in one array, so that a lookup misses once; probing is linear, so
 * that the next cell is mostly in the same line; a removal shifts cells back instead of leaving
 * marks that later lookups would have to pass. The size is fixed: `IntEntries` makes another one.
 * Case `heap-int-get` of the benchmarks guards this.
 */
export class IntIndex {
  /** By cell: a key and its slot + 1. A cell whose second half is 0 is empty. */
  readonly #cells: Int32Array | Float64Array
  /** Positions in `#cells` are taken modulo its length, a power of two. */
  readonly #mask: number
  readonly #shift: number
  readonly #isWide: boolean

  /**
   * @param cellBits the index has 2^cellBits cells, one of which at least must stay empty
   * @param isWide whether there are keys of more than 32 bits
   */
  constructor(cellBits: number, isWide: boolean) {
    const length = 2 ** (cellBits + 1)
    this.#cells = isWide ? new Float64Array(length) : new Int32Array(length)
    this.#isWide = isWide
    this.#mask = this.#cells.length - 1
    this.#shift = 32 - cellBits
  }

  /** The slot of a key, -1 if it has none. */
  find(key: number): number {
    const cells = this.#cells
    const mask = this.#mask
    for (let at = this.#home(key); ; at = (at + 2) & mask) {
      const slot = cells[at + 1] as number
      if (slot === 0) return -1
      if (cells[at] === key) return slot - 1
    }
  }

  /** Notes the slot of a key that has none. */
  insert(key: number, slot: number): void {
    const cells = this.#cells
    const mask = this.#mask
    let at = this.#home(key)
    while (cells[at + 1] !== 0) at = (at + 2) & mask
    cells[at] = key
    cells[at + 1] = slot + 1
  }

  /**
   * Forgets a key that has a slot. Cells behind the gap move into it, as far as that brings them no
   * further than their home: a lookup stops at the first empty cell.
   */
  remove(key: number): void {
    const cells = this.#cells
    const mask = this.#mask
    let gap = this.#home(key)
    while (cells[gap] !== key || cells[gap + 1] === 0) gap = (gap + 2) & mask
    for (let at = (gap + 2) & mask; cells[at + 1] !== 0; at = (at + 2) & mask) {
      const fromHome = (at - this.#home(cells[at] as number)) & mask
      if (fromHome < ((at - gap) & mask)) continue
      cells[gap] = cells[at] as number
      cells[gap + 1] = cells[at + 1] as number
      gap = at
    }
    cells[gap + 1] = 0
  }

  /**
   * Where a key belongs. The upper bits of a product with the golden ratio: neighbouring keys lie
   * apart, and it has nothing to do with the hash that key groups come from, which is equal in part
   * for all keys of a subtask. Of a wide key the upper bits are mixed into the lower ones.
   */
  #home(key: number): number {
    if (!this.#isWide) return (Math.imul(key, 0x9e3779b1) >>> this.#shift) << 1
    const mixed = (key | 0) ^ Math.imul((key * 2 ** -32) | 0, 0x85ebca6b)
    return (Math.imul(mixed, 0x9e3779b1) >>> this.#shift) << 1
  }
}
