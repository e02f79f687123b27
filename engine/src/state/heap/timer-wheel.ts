import { NO_SLOT, type TimerSlots } from './timer-slots.ts'

const BUCKET_BITS = 8
const BUCKETS_PER_LEVEL = 1 << BUCKET_BITS
const BUCKET_MASK = BUCKETS_PER_LEVEL - 1

/** Seven levels of eight bits hold the 54 bits of a whole number and its sign. */
const LEVELS = 7
const BUCKETS = LEVELS * BUCKETS_PER_LEVEL

const LOW_WORD = 0x1_0000_0000
/** Makes the high word of negative times positive too. */
const HIGH_WORD_BIAS = 1 << 21

/**
 * A timing wheel: orders the slots of timers by time, and keeps those of one time in the order in
 * which they were added. It takes any whole number of milliseconds from its cursor on. The cursor
 * stands at a time before which there is nothing, and moves forward as timers fall due.
 *
 * Why it looks like this. A time is seven digits of eight bits. The highest digit in which a time
 * differs from the cursor's is its level, the digit itself its bucket there: near times lie in
 * buckets of 1 ms, later ones in buckets of 256 ms, of 65 s, of 4.6 hours and so on. Two things
 * follow. A bucket is a function of time and cursor, so equal times are always in one list and the
 * list is in their order. And the first bucket in use, of the lowest level, holds what fires first:
 * one bit per bucket finds it, and years without a timer cost nothing. When the first bucket is of
 * a higher level, the cursor moves to its earliest time and its timers go down to lower levels; as
 * each goes down at most six times and mostly once or twice, a timer costs about the same however
 * many there are, where a heap compares its way through cache misses. Buckets are lists through the
 * slots, linked both ways, so that deleting is cheap and leaves nothing behind.
 *
 * @see Ahuja, Mehlhorn, Orlin, Tarjan: Faster algorithms for the shortest path problem (radix heap)
 * @see Varghese, Lauck: Hashed and hierarchical timing wheels
 */
export class TimerWheel {
  #slots: TimerSlots
  readonly #heads = new Int32Array(BUCKETS).fill(NO_SLOT)
  readonly #tails = new Int32Array(BUCKETS).fill(NO_SLOT)
  /** No timer of the bucket is earlier; at the lowest level all are of this time. */
  readonly #earliest = new Float64Array(BUCKETS)
  /** One bit per bucket that is in use. */
  readonly #used = new Int32Array(BUCKETS / 32)
  /** Words of `#used` before this are zero. */
  #firstWord = this.#used.length
  #cursorMs: number = Number.MIN_SAFE_INTEGER
  #cursorLow = 0
  #cursorHigh = 0

  constructor(slots: TimerSlots) {
    this.#slots = slots
    this.#setCursor(Number.MIN_SAFE_INTEGER)
  }

  /** True if the wheel can take, or may have, a timer of this time. */
  takes(timestampMs: number): boolean {
    return timestampMs >= this.#cursorMs && Number.isSafeInteger(timestampMs)
  }

  /** Nothing is in the wheel: it takes early times again. */
  reset(): void {
    this.#setCursor(Number.MIN_SAFE_INTEGER)
  }

  /** Forgets all timers, to be given them again from other slots. The cursor stays. */
  moveTo(slots: TimerSlots): void {
    this.#slots = slots
    this.#heads.fill(NO_SLOT)
    this.#tails.fill(NO_SLOT)
    this.#used.fill(0)
  }

  /** Adds the slot of a timer, behind those of the same time. */
  add(slot: number): void {
    this.#append(slot, this.#slots.timeOf(slot))
  }

  /** Takes the slot of a timer out. */
  remove(slot: number): void {
    const slots = this.#slots
    const before = slots.beforeOf(slot)
    const behind = slots.behindOf(slot)
    if (before !== NO_SLOT && behind !== NO_SLOT) {
      slots.setBehind(before, behind)
      slots.setBefore(behind, before)
      return
    }
    const bucket = this.#bucketOf(slots.timeOf(slot))
    if (before === NO_SLOT) this.#heads[bucket] = behind
    else slots.setBehind(before, NO_SLOT)
    if (behind === NO_SLOT) this.#tails[bucket] = before
    else slots.setBefore(behind, NO_SLOT)
    if (before === behind) this.#used[bucket >> 5]! &= ~(1 << (bucket & 31))
  }

  /** No timer is earlier, but that of this time may have been removed. Undefined if all have. */
  earliestMs(): number | undefined {
    const bucket = this.#firstUsed()
    return bucket === BUCKETS ? undefined : this.#earliest[bucket]
  }

  /** The slot that fires first, if its time is `untilMs` or earlier. */
  first(untilMs: number): number {
    for (;;) {
      const bucket = this.#firstUsed()
      if (bucket === BUCKETS) return NO_SLOT
      const earliestMs = this.#earliest[bucket] as number
      if (earliestMs > untilMs) return NO_SLOT
      if (bucket < BUCKETS_PER_LEVEL) return this.#heads[bucket] as number
      this.#spread(bucket, earliestMs)
    }
  }

  /** Moves the cursor to the earliest time of a bucket, and its timers to lower levels. */
  #spread(bucket: number, earliestMs: number): void {
    const slots = this.#slots
    let slot = this.#heads[bucket] as number
    this.#heads[bucket] = NO_SLOT
    this.#tails[bucket] = NO_SLOT
    this.#used[bucket >> 5]! &= ~(1 << (bucket & 31))
    this.#setCursor(earliestMs)
    while (slot !== NO_SLOT) {
      const behind = slots.behindOf(slot)
      this.#append(slot, slots.timeOf(slot))
      slot = behind
    }
  }

  #append(slot: number, timestampMs: number): void {
    const slots = this.#slots
    const bucket = this.#bucketOf(timestampMs)
    const last = this.#tails[bucket] as number
    slots.setBefore(slot, last)
    slots.setBehind(slot, NO_SLOT)
    this.#tails[bucket] = slot
    if (last === NO_SLOT) {
      const word = bucket >> 5
      this.#heads[bucket] = slot
      this.#earliest[bucket] = timestampMs
      this.#used[word]! |= 1 << (bucket & 31)
      if (word < this.#firstWord) this.#firstWord = word
    } else {
      slots.setBehind(last, slot)
      if (timestampMs < (this.#earliest[bucket] as number)) this.#earliest[bucket] = timestampMs
    }
  }

  /** The first bucket in use, which is the one of the earliest times. */
  #firstUsed(): number {
    const used = this.#used
    let word = this.#firstWord
    while (word < used.length && used[word] === 0) word++
    this.#firstWord = word
    if (word === used.length) return BUCKETS
    const bits = used[word] as number
    return (word << 5) + 31 - Math.clz32(bits & -bits)
  }

  #bucketOf(timestampMs: number): number {
    const low = timestampMs | 0
    const high = Math.floor(timestampMs / LOW_WORD) + HIGH_WORD_BIAS
    const highDiffers = high ^ this.#cursorHigh
    if (highDiffers === 0) {
      const level = (31 - Math.clz32((low ^ this.#cursorLow) | 1)) >> 3
      return (level << BUCKET_BITS) | ((low >>> (level << 3)) & BUCKET_MASK)
    }
    const level = (31 - Math.clz32(highDiffers)) >> 3
    return ((level + 4) << BUCKET_BITS) | ((high >>> (level << 3)) & BUCKET_MASK)
  }

  #setCursor(cursorMs: number): void {
    this.#cursorMs = cursorMs
    this.#cursorLow = cursorMs | 0
    this.#cursorHigh = Math.floor(cursorMs / LOW_WORD) + HIGH_WORD_BIAS
  }
}
