import type { KeyIdentity } from '../../types/key-identity.ts'
import { type Namespace, VOID_NAMESPACE } from '../namespace.ts'
import { HeapTimerQueue } from './heap-timer-queue.ts'
import { timerHash } from './timer-hash.ts'
import type { DueTimer, SaveTimer, TimerQueue, TimerQueueWalk } from './timer-queue.ts'
import { NO_SLOT, TimerSlots } from './timer-slots.ts'
import { TimerSlotsWalk } from './timer-slots-walk.ts'
import { TimerWheel } from './timer-wheel.ts'

/**
 * Timers in slots of fixed width, ordered by a timing wheel. What the wheel does not take goes to a
 * heap of objects: times with a fraction, beyond 2^53 or infinite, and times before the wheel's
 * cursor, which are of a moment that has passed. A time is never in both, because the cursor does
 * not pass a timer of the wheel and goes back only when there is none in the heap either.
 */
export class WheelTimerQueue implements TimerQueue {
  #slots = new TimerSlots()
  #wheel = new TimerWheel(this.#slots)
  readonly #others = new HeapTimerQueue()
  /** The walk of the open snapshot. */
  #walk: TimerSlotsWalk | undefined
  /** Reused for every timer that is taken. */
  readonly #due = {
    key: undefined as unknown,
    identity: undefined as KeyIdentity,
    namespace: VOID_NAMESPACE,
    timestampMs: 0,
  }

  get size(): number {
    return this.#slots.size + this.#others.size
  }

  register(
    key: unknown,
    identity: KeyIdentity,
    namespace: Namespace,
    timestampMs: number,
    sequence: number,
  ): void {
    if (this.size === 0) this.#wheel.reset()
    if (!this.#wheel.takes(timestampMs)) {
      this.#others.register(key, identity, namespace, timestampMs, sequence)
      return
    }
    const slots = this.#slots
    const hash = timerHash(identity, namespace, timestampMs)
    if (slots.find(hash, identity, namespace, timestampMs) !== NO_SLOT) return
    this.#wheel.add(slots.add(hash, key, identity, namespace, timestampMs, sequence))
  }

  delete(identity: KeyIdentity, namespace: Namespace, timestampMs: number): void {
    if (!this.#wheel.takes(timestampMs)) {
      this.#others.delete(identity, namespace, timestampMs)
      return
    }
    const hash = timerHash(identity, namespace, timestampMs)
    const slot = this.#slots.find(hash, identity, namespace, timestampMs)
    if (slot !== NO_SLOT) this.#remove(slot)
  }

  wakeMs(): number | undefined {
    const wheelMs = this.#wheel.earliestMs()
    const otherMs = this.#others.wakeMs()
    if (wheelMs === undefined || otherMs === undefined) return wheelMs ?? otherMs
    return Math.min(wheelMs, otherMs)
  }

  takeDue(untilMs: number): DueTimer | undefined {
    const slot = this.#wheel.first(untilMs)
    const slots = this.#slots
    const timestampMs = slot === NO_SLOT ? Number.POSITIVE_INFINITY : slots.timeOf(slot)
    if (this.#others.size > 0) {
      const other = this.#others.takeDue(Math.min(untilMs, timestampMs))
      if (other !== undefined) return other
    }
    if (slot === NO_SLOT) return undefined
    const due = this.#due
    due.key = slots.keyOf(slot)
    due.identity = slots.identityOf(slot)
    due.namespace = slots.namespaceOf(slot)
    due.timestampMs = timestampMs
    this.#remove(slot)
    return due
  }

  clear(): void {
    while (this.takeDue(Number.POSITIVE_INFINITY) !== undefined) {}
  }

  drawLine(cut: number, save: SaveTimer): TimerQueueWalk {
    const walk = new TimerSlotsWalk(this.#slots, cut, save)
    const others = this.#others.drawLine(cut, save)
    this.#walk = walk
    return {
      advance: (budget) => walk.advance(budget) && others.advance(budget),
      end: () => {
        this.#walk = undefined
        others.end()
      },
    }
  }

  #remove(slot: number): void {
    this.#walk?.beforeRemove(slot)
    this.#wheel.remove(slot)
    this.#slots.remove(slot)
    if (this.#slots.isTooLarge && this.#walk === undefined) this.#shrink()
  }

  /** Moves the timers to slots that fit. The walk of a snapshot needs them where they are. */
  #shrink(): void {
    const from = this.#slots
    this.#slots = new TimerSlots()
    this.#wheel.moveTo(this.#slots)
    // Timers of one time stay in the order of their registration.
    for (const slot of from.bySequence()) this.#wheel.add(this.#slots.addFrom(from, slot))
  }
}
