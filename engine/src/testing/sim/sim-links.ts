import type { Random } from '../../env/random.ts'
import { drawFrom } from './fault-plan.ts'
import type { SimCore } from './sim-core.ts'
import type { EventOwner, SimEvent } from './sim-event.ts'

/** The wires between machines: how long a packet takes, and which of them are cut. */
export class SimLinks {
  readonly random: Random
  readonly owner: EventOwner = { name: 'network', life: 'running', hold: () => {} }
  readonly #core: SimCore
  readonly #cuts = new Set<string>()
  #stuck: StuckPacket[] = []

  constructor(core: SimCore) {
    this.#core = core
    this.random = core.random.stream('network')
  }

  /** How many packets wait for a cut link. */
  get stuckCount(): number {
    return this.#stuck.length
  }

  /** Stops everything on the way from one machine to another; the way back stays as it is. */
  cut(from: string, to: string): void {
    this.#core.note('network', 'cut', `${from} > ${to}`)
    this.#cuts.add(linkName(from, to))
  }

  /** Undoes {@link cut}: what was sent meanwhile and is still retried arrives. */
  heal(from: string, to: string): void {
    this.#core.note('network', 'heal', `${from} > ${to}`)
    this.#cuts.delete(linkName(from, to))
    const freed = this.#stuck.filter((packet) => !this.#isCut(packet.from, packet.to))
    this.#stuck = this.#stuck.filter((packet) => this.#isCut(packet.from, packet.to))
    for (const packet of freed) {
      packet.deadline.cancel()
      this.carry(packet.from, packet.to, packet.arrive, packet.giveUp)
    }
  }

  /**
   * Brings a packet from one machine to another. Packets may overtake each other; a connection
   * restores the order.
   *
   * @param arrive what the packet does at its end.
   * @param giveUp called instead when a cut link has kept it for the time-out of the plan.
   */
  carry(from: string, to: string, arrive: () => void, giveUp: () => void): void {
    const latencyMs = drawFrom(this.#core.plan.network.latencyMs, this.random)
    const land = (): void => {
      if (this.#isCut(from, to)) this.#keep(from, to, arrive, giveUp)
      else arrive()
    }
    this.after(latencyMs, 'net.arrive', land, `${from} > ${to}`)
  }

  /** Plans something that the network itself does. */
  after(delayMs: number, label: string, run: () => void, detail: string): SimEvent {
    const { schedule } = this.#core
    return schedule.at(this.owner, schedule.nowMs + delayMs, label, run, detail)
  }

  #keep(from: string, to: string, arrive: () => void, giveUp: () => void): void {
    const deadline = this.after(
      this.#core.plan.network.timeoutMs,
      'net.timeout',
      () => {
        this.#stuck = this.#stuck.filter((other) => other !== packet)
        giveUp()
      },
      `${from} > ${to}`,
    )
    const packet: StuckPacket = { from, to, arrive, giveUp, deadline }
    this.#stuck.push(packet)
  }

  #isCut(from: string, to: string): boolean {
    return this.#cuts.has(linkName(from, to))
  }
}

interface StuckPacket {
  readonly from: string
  readonly to: string
  readonly arrive: () => void
  readonly giveUp: () => void
  readonly deadline: SimEvent
}

function linkName(from: string, to: string): string {
  return `${from} > ${to}`
}
