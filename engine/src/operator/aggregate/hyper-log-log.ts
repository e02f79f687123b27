/**
 * HyperLogLog: how many distinct values there were, from a few bits of each value's hash.
 *
 * A sketch is plain bytes. Registers are one byte each in the dense form, which has exactly
 * `2^precision` of them; before, while few are set, a sketch is a list of three-byte entries,
 * sorted by register (the sparse form, always shorter). The estimate is Ertl's improved raw
 * estimator, which has no bias at any size and needs no tables: O. Ertl, "New cardinality
 * estimation algorithms for HyperLogLog sketches", arXiv:1702.01284.
 */

/** The bits of a hash that set a register: its number of leading zeros and one more, at most 33. */
const RANK_MAX = 33

const ENTRY_BYTES = 3

/** The sparse form is given up when it would take an eighth of the dense one. */
const SPARSE_SHARE = 8

/**
 * Adds a value by two independent 32-bit hashes of it.
 * @returns the sketch: the same changed, or a new one if it had to grow
 */
export function addToSketch(
  sketch: Uint8Array,
  precision: number,
  indexHash: number,
  rankHash: number,
): Uint8Array {
  return setRegister(sketch, precision, indexHash >>> (32 - precision), Math.clz32(rankHash) + 1)
}

/**
 * Adds all of `other` to a sketch of the same precision.
 * @returns the sketch: the same changed, or a new one; never `other`
 */
export function mergeSketches(
  sketch: Uint8Array,
  other: Uint8Array,
  precision: number,
): Uint8Array {
  let merged = sketch
  if (other.length !== 1 << precision) {
    for (let at = 0; at < other.length; at += ENTRY_BYTES) {
      merged = setRegister(merged, precision, indexAt(other, at), other[at + 2] as number)
    }
    return merged
  }
  merged = dense(merged, precision)
  for (let i = 0; i < other.length; i++) {
    const rank = other[i] as number
    if (rank > (merged[i] as number)) merged[i] = rank
  }
  return merged
}

/** The estimated count of distinct values, a whole number. */
export function estimateOf(sketch: Uint8Array, precision: number): number {
  const registers = 1 << precision
  const counts = new Float64Array(RANK_MAX + 1)
  const isDense = sketch.length === registers
  const step = isDense ? 1 : ENTRY_BYTES
  for (let at = isDense ? 0 : 2; at < sketch.length; at += step) {
    const rank = sketch[at] as number
    counts[rank] = (counts[rank] as number) + 1
  }
  if (!isDense) counts[0] = registers - sketch.length / ENTRY_BYTES
  let sum = registers * tau(1 - (counts[RANK_MAX] as number) / registers)
  for (let rank = RANK_MAX - 1; rank >= 1; rank--) sum = 0.5 * (sum + (counts[rank] as number))
  sum += registers * sigma((counts[0] as number) / registers)
  return Math.round((registers * registers) / (2 * Math.LN2 * sum))
}

function setRegister(
  sketch: Uint8Array,
  precision: number,
  index: number,
  rank: number,
): Uint8Array {
  if (sketch.length === 1 << precision) {
    if (rank > (sketch[index] as number)) sketch[index] = rank
    return sketch
  }
  const at = entryAt(sketch, index)
  if (at < sketch.length && indexAt(sketch, at) === index) {
    if (rank > (sketch[at + 2] as number)) sketch[at + 2] = rank
    return sketch
  }
  if ((sketch.length + ENTRY_BYTES) * SPARSE_SHARE > 1 << precision) {
    return setRegister(dense(sketch, precision), precision, index, rank)
  }
  const grown = new Uint8Array(sketch.length + ENTRY_BYTES)
  grown.set(sketch.subarray(0, at))
  grown[at] = index >>> 8
  grown[at + 1] = index & 0xff
  grown[at + 2] = rank
  grown.set(sketch.subarray(at), at + ENTRY_BYTES)
  return grown
}

/** The position of the entry of a register, or where it belongs. */
function entryAt(sketch: Uint8Array, index: number): number {
  let low = 0
  let high = sketch.length / ENTRY_BYTES
  while (low < high) {
    const middle = (low + high) >>> 1
    if (indexAt(sketch, middle * ENTRY_BYTES) < index) low = middle + 1
    else high = middle
  }
  return low * ENTRY_BYTES
}

function indexAt(sketch: Uint8Array, at: number): number {
  return ((sketch[at] as number) << 8) | (sketch[at + 1] as number)
}

function dense(sketch: Uint8Array, precision: number): Uint8Array {
  const registers = 1 << precision
  if (sketch.length === registers) return sketch
  const full = new Uint8Array(registers)
  for (let at = 0; at < sketch.length; at += ENTRY_BYTES) {
    full[indexAt(sketch, at)] = sketch[at + 2] as number
  }
  return full
}

/** The correction for registers that were never set: x + sum of x^(2^k) 2^(k-1). */
function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY
  let power = share
  let factor = 1
  let sum = share
  for (;;) {
    power *= power
    const before = sum
    sum += power * factor
    if (sum === before) return sum
    factor += factor
  }
}

/** The correction for registers that are full: (1 - x - sum of (1 - x^(2^-k))^2 2^-k) / 3. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0
  let root = share
  let factor = 1
  let sum = 1 - share
  for (;;) {
    root = Math.sqrt(root)
    const before = sum
    factor *= 0.5
    sum -= (1 - root) ** 2 * factor
    if (sum === before) return sum / 3
  }
}
