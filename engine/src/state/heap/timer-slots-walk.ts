import type { WalkBudget } from './table-walk.ts'
import type { SaveTimer } from './timer-queue.ts'
import type { TimerSlots } from './timer-slots.ts'

/**
 * Saves the timers that slots held when the line was drawn, slot by slot, while timers come and
 * go. A timer that goes before the walk has come to it is saved first. One that has come since has
 * a sequence behind the line, whatever slot it was given.
 */
export class TimerSlotsWalk {
  readonly #slots: TimerSlots
  readonly #cut: number
  readonly #save: SaveTimer
  readonly #slotCount: number
  #nextSlot = 0

  constructor(slots: TimerSlots, cut: number, save: SaveTimer) {
    this.#slots = slots
    this.#cut = cut
    this.#save = save
    this.#slotCount = slots.slotCount
  }

  /** Saves as much as the budget allows. @returns true when all are saved */
  advance(budget: WalkBudget): boolean {
    while (this.#nextSlot < this.#slotCount && budget.entries > 0 && budget.visits > 0) {
      const slot = this.#nextSlot++
      budget.visits--
      if (!this.#isBelowLine(slot)) continue
      this.#write(slot)
      budget.entries--
    }
    return this.#nextSlot === this.#slotCount
  }

  /** To be called before a timer is removed. */
  beforeRemove(slot: number): void {
    if (slot >= this.#nextSlot && this.#isBelowLine(slot)) this.#write(slot)
  }

  #isBelowLine(slot: number): boolean {
    const sequence = this.#slots.sequenceOf(slot)
    return sequence >= 0 && sequence < this.#cut
  }

  #write(slot: number): void {
    const slots = this.#slots
    const key = slots.keyOf(slot)
    this.#save(key, slots.namespaceOf(slot), slots.timeOf(slot), slots.sequenceOf(slot))
  }
}
