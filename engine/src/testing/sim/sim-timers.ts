import { mix32 } from '../../base/prng.ts'
import type { ScheduledTimer, Timers } from '../../env/timers.ts'
import type { SimCore } from './sim-core.ts'
import type { EventOwner, SimEvent } from './sim-event.ts'
import type { SimMachine } from './sim-machine.ts'

/** Timers of one simulated process. */
export class SimTimers implements Timers {
  readonly #core: SimCore
  readonly #machine: SimMachine
  readonly #owner: EventOwner
  readonly #key: number
  readonly #waiting = new Set<SimTimer>()

  /** @param key scatters the timers of this process among those of others. */
  constructor(core: SimCore, machine: SimMachine, owner: EventOwner, key: number) {
    this.#core = core
    this.#machine = machine
    this.#owner = owner
    this.#key = key
  }

  /** Timers that have neither fired nor been canceled. */
  get waitingCount(): number {
    return this.#waiting.size
  }

  schedule(atMs: number, run: () => void): ScheduledTimer {
    // A number that follows from the deadline alone: equal deadlines of one process keep their
    // order, all others come in any order.
    const draw = mix32(mix32(this.#key ^ (atMs | 0)) ^ Math.floor(atMs / 4294967296)) >>> 0
    const latenessMs = (this.#core.plan.timerLatenessMsMax * draw) / 4294967296
    const dueMs = (): number => this.#machine.virtualMsOf(atMs) + latenessMs
    const fire = (): void => {
      this.#waiting.delete(timer)
      run()
    }
    const event = this.#core.schedule.atTie(this.#owner, dueMs(), draw, 'timer', fire)
    const timer = new SimTimer(event, dueMs, this.#waiting)
    if (this.#owner.life !== 'dead') this.#waiting.add(timer)
    return timer
  }

  /** Moves all timers to where the wall clock now has their deadlines; the order changes. */
  clockStepped(): void {
    for (const timer of this.#waiting) timer.event.atMs = timer.dueMs()
  }

  /** Forgets everything, because the process is dead. */
  clear(): void {
    this.#waiting.clear()
  }
}

class SimTimer implements ScheduledTimer {
  readonly event: SimEvent
  /** The virtual time at which it fires, as the wall clock now is. */
  readonly dueMs: () => number
  readonly #waiting: Set<SimTimer>

  constructor(event: SimEvent, dueMs: () => number, waiting: Set<SimTimer>) {
    this.event = event
    this.dueMs = dueMs
    this.#waiting = waiting
  }

  cancel(): void {
    this.event.cancel()
    this.#waiting.delete(this)
  }
}
