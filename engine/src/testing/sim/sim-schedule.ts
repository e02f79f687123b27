import { BinaryHeap } from '../../base/binary-heap.ts'
import type { Random } from '../../env/random.ts'
import { type EventOwner, happensBefore, SimEvent } from './sim-event.ts'

/** Virtual time and what is to happen in it. */
export class SimSchedule {
  readonly #events = new BinaryHeap<SimEvent>(happensBefore)
  readonly #ties: Random
  #nowMs = 0
  #nextSequence = 0

  /** @param ties draws the order of events that happen at the same time. */
  constructor(ties: Random) {
    this.#ties = ties
  }

  /** Virtual milliseconds since the world began. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** Plans an event for `atMs`, or for now if that has passed. A dead owner's is not planned. */
  at(owner: EventOwner, atMs: number, label: string, run: () => void, detail = ''): SimEvent {
    return this.atTie(owner, atMs, this.#ties.u32(), label, run, detail)
  }

  /** As {@link at}, with a place among events of the same time that the caller has chosen. */
  atTie(
    owner: EventOwner,
    atMs: number,
    tie: number,
    label: string,
    run: () => void,
    detail = '',
  ): SimEvent {
    const startMs = Math.max(atMs, this.#nowMs)
    const sequence = this.#nextSequence++
    const event = new SimEvent(startMs, tie, sequence, owner, label, detail, run)
    if (owner.life !== 'dead') this.#events.push(event)
    return event
  }

  /** Plans again what a pause has held back; it keeps its place in the order. */
  replan(event: SimEvent): void {
    this.#events.push(event)
  }

  /** Puts the events in order again after the times of some were changed. */
  reorder(): void {
    this.#events.retain((event) => event.run !== undefined)
  }

  /**
   * Takes the next event out and moves time on to it. Undefined if there is none, or none until
   * `endMs`: see {@link isEmpty}.
   */
  next(endMs: number): SimEvent | undefined {
    for (;;) {
      const event = this.#events.peek()
      if (event === undefined) return undefined
      const { owner } = event
      if (event.run !== undefined && owner.life === 'running') {
        if (event.atMs > endMs) return undefined
        this.#events.pop()
        // An event that a pause has held back lies in the past; time does not go back.
        if (event.atMs > this.#nowMs) this.#nowMs = event.atMs
        return event
      }
      this.#events.pop()
      if (event.run !== undefined && owner.life === 'paused') owner.hold(event)
    }
  }

  /** Lets time pass in which nothing happens. */
  advanceTo(nowMs: number): void {
    if (nowMs > this.#nowMs) this.#nowMs = nowMs
  }

  /** True if nothing is planned. */
  get isEmpty(): boolean {
    return this.#events.size === 0
  }
}
