import type { KeyIdentity } from '../../types/key-identity.ts'
import type { Namespace } from '../namespace.ts'

/** Stands for "no slot". */
export const NO_SLOT = -1

/** The sequence of a slot that holds no timer. */
const FREE = -1

const CAPACITY_MIN = 16

/** Room for so many timers is never too much. */
const CAPACITY_KEPT_MAX = 1_024

// A slot is four doubles, of which the last two are four integers, and three references.
const DOUBLES = 4
const TIME = 0
const SEQUENCE = 1
const INTEGERS = 8
const BEFORE = 4
const BEHIND = 5
const HASH = 6
const CHAIN = 7
const REFERENCES = 3
const KEY = 0
const IDENTITY = 1
const NAMESPACE = 2

/**
 * Timers in rows of fixed width: a timer is a slot, the number of its row. A slot keeps its timer
 * until that is removed, and is then given to another, the one that was free last first.
 *
 * Looks as it does because a timer costs what its cache misses cost. As objects with maps around
 * them timers take 160 bytes and more, in a dozen places that the collector has to walk and move.
 * Here a timer is 32 bytes in one cache line, with its time, the links of the wheel's lists and of
 * the chain by which an equal timer is found, and three references in another. There are two chains
 * for each slot there is room for, so that most have one timer or none.
 */
export class TimerSlots {
  #doubles = new Float64Array(CAPACITY_MIN * DOUBLES)
  #integers = new Int32Array(this.#doubles.buffer)
  readonly #references: unknown[] = []
  /** The first slot of each chain. */
  #chains = new Int32Array(2 * CAPACITY_MIN).fill(NO_SLOT)
  /** Free slots are a chain too. */
  #firstFree = NO_SLOT
  #slotCount = 0
  #capacity = CAPACITY_MIN
  #size = 0

  /** How many timers there are. */
  get size(): number {
    return this.#size
  }

  /** The slots of all timers are lower than this. */
  get slotCount(): number {
    return this.#slotCount
  }

  /** True if there is much more room than the timers need. */
  get isTooLarge(): boolean {
    return this.#size * 8 < this.#capacity && this.#capacity > CAPACITY_KEPT_MAX
  }

  timeOf(slot: number): number {
    return this.#doubles[slot * DOUBLES + TIME] as number
  }

  /** Negative if the slot is free. */
  sequenceOf(slot: number): number {
    return this.#doubles[slot * DOUBLES + SEQUENCE] as number
  }

  keyOf(slot: number): unknown {
    return this.#references[slot * REFERENCES + KEY]
  }

  identityOf(slot: number): KeyIdentity {
    return this.#references[slot * REFERENCES + IDENTITY] as KeyIdentity
  }

  namespaceOf(slot: number): Namespace {
    return this.#references[slot * REFERENCES + NAMESPACE] as Namespace
  }

  /** The slot before this one in a list of the wheel, which sets it. */
  beforeOf(slot: number): number {
    return this.#integers[slot * INTEGERS + BEFORE] as number
  }

  behindOf(slot: number): number {
    return this.#integers[slot * INTEGERS + BEHIND] as number
  }

  setBefore(slot: number, before: number): void {
    this.#integers[slot * INTEGERS + BEFORE] = before
  }

  setBehind(slot: number, behind: number): void {
    this.#integers[slot * INTEGERS + BEHIND] = behind
  }

  /** The slot of an equal timer. @param hash the `timerHash` of the rest */
  find(hash: number, identity: KeyIdentity, namespace: Namespace, timestampMs: number): number {
    const integers = this.#integers
    let slot = this.#chains[hash & (this.#chains.length - 1)] as number
    while (slot !== NO_SLOT) {
      if (
        integers[slot * INTEGERS + HASH] === hash &&
        this.timeOf(slot) === timestampMs &&
        isSame(this.identityOf(slot), identity) &&
        isSame(this.namespaceOf(slot), namespace)
      ) {
        return slot
      }
      slot = integers[slot * INTEGERS + CHAIN] as number
    }
    return NO_SLOT
  }

  /** Adds a timer that is not there. @returns its slot */
  add(
    hash: number,
    key: unknown,
    identity: KeyIdentity,
    namespace: Namespace,
    timestampMs: number,
    sequence: number,
  ): number {
    const slot = this.#take()
    this.#doubles[slot * DOUBLES + TIME] = timestampMs
    this.#doubles[slot * DOUBLES + SEQUENCE] = sequence
    this.#integers[slot * INTEGERS + HASH] = hash
    this.#refer(slot, key, identity, namespace)
    this.#link(slot, hash)
    this.#size++
    return slot
  }

  /** Adds a timer of other slots that is not there. @returns its slot */
  addFrom(from: TimerSlots, slot: number): number {
    return this.add(
      from.#integers[slot * INTEGERS + HASH] as number,
      from.keyOf(slot),
      from.identityOf(slot),
      from.namespaceOf(slot),
      from.timeOf(slot),
      from.sequenceOf(slot),
    )
  }

  /** Removes a timer: its slot is free. */
  remove(slot: number): void {
    this.#unlink(slot)
    this.#doubles[slot * DOUBLES + SEQUENCE] = FREE
    this.#refer(slot, undefined, undefined, '')
    this.#integers[slot * INTEGERS + CHAIN] = this.#firstFree
    this.#firstFree = slot
    this.#size--
  }

  /** The slots of all timers, in the order in which these were registered. */
  bySequence(): Int32Array {
    const slots = new Int32Array(this.#size)
    let count = 0
    for (let slot = 0; slot < this.#slotCount; slot++) {
      if (this.sequenceOf(slot) !== FREE) slots[count++] = slot
    }
    return slots.sort((left, right) => this.sequenceOf(left) - this.sequenceOf(right))
  }

  #refer(slot: number, key: unknown, identity: KeyIdentity, namespace: Namespace): void {
    const at = slot * REFERENCES
    this.#references[at + KEY] = key
    this.#references[at + IDENTITY] = identity
    this.#references[at + NAMESPACE] = namespace
  }

  #take(): number {
    const free = this.#firstFree
    if (free !== NO_SLOT) {
      this.#firstFree = this.#integers[free * INTEGERS + CHAIN] as number
      return free
    }
    if (this.#slotCount === this.#capacity) this.#grow()
    return this.#slotCount++
  }

  #link(slot: number, hash: number): void {
    const chain = hash & (this.#chains.length - 1)
    this.#integers[slot * INTEGERS + CHAIN] = this.#chains[chain] as number
    this.#chains[chain] = slot
  }

  #unlink(slot: number): void {
    const integers = this.#integers
    const hash = integers[slot * INTEGERS + HASH] as number
    const next = integers[slot * INTEGERS + CHAIN] as number
    const chain = hash & (this.#chains.length - 1)
    let before = this.#chains[chain] as number
    if (before === slot) {
      this.#chains[chain] = next
      return
    }
    while (integers[before * INTEGERS + CHAIN] !== slot) {
      before = integers[before * INTEGERS + CHAIN] as number
    }
    integers[before * INTEGERS + CHAIN] = next
  }

  /** All slots are in use. */
  #grow(): void {
    this.#capacity *= 2
    const doubles = new Float64Array(this.#capacity * DOUBLES)
    doubles.set(this.#doubles)
    this.#doubles = doubles
    this.#integers = new Int32Array(doubles.buffer)
    this.#chains = new Int32Array(2 * this.#capacity).fill(NO_SLOT)
    for (let slot = 0; slot < this.#slotCount; slot++) {
      this.#link(slot, this.#integers[slot * INTEGERS + HASH] as number)
    }
  }
}

/** Equal as keys of a map are: `NaN` is equal to itself. */
function isSame(left: KeyIdentity, right: KeyIdentity): boolean {
  // biome-ignore lint/suspicious/noSelfCompare: only NaN differs from itself
  return left === right || (left !== left && right !== right)
}
