import type { Connection } from '../../env/transport.ts'
import { type NetworkProcess, SimConnection } from './sim-connection.ts'
import type { SimCore } from './sim-core.ts'
import { SimLinks } from './sim-links.ts'

/** Somebody who accepts connections on a port of a machine. */
export interface PortOwner {
  readonly process: NetworkProcess
  readonly onConnection: (connection: Connection) => void
}

/**
 * The network of a simulated world. Hosts are the names of machines. Tests cut and heal links and
 * reset connections here; latency and the like come from the fault plan.
 */
export class SimNetwork {
  readonly links: SimLinks
  readonly #core: SimCore
  readonly #hosts = new Map<string, { readonly isUp: boolean }>()
  readonly #ports = new Map<string, PortOwner>()
  readonly #connections = new Set<SimConnection>()
  #nextPort = 40_000

  constructor(core: SimCore) {
    this.#core = core
    this.links = new SimLinks(core)
  }

  /** Connections of which at least one end is open. */
  get openConnectionCount(): number {
    this.#forgetClosed()
    return this.#connections.size
  }

  /** Ports on which somebody listens, as `host:port`. */
  get openPorts(): readonly string[] {
    return [...this.#ports.keys()]
  }

  addHost(name: string, machine: { readonly isUp: boolean }): void {
    this.#hosts.set(name, machine)
  }

  /** The machine of that name; undefined if there is none. */
  host(name: string): { readonly isUp: boolean } | undefined {
    return this.#hosts.get(name)
  }

  /** Cuts both ways between two machines. */
  partition(one: string, other: string): void {
    this.links.cut(one, other)
    this.links.cut(other, one)
  }

  /** Undoes {@link partition}. */
  heal(one: string, other: string): void {
    this.links.heal(one, other)
    this.links.heal(other, one)
  }

  /** Resets all connections between two machines, as a firewall that has lost its table does. */
  reset(one: string, other: string): void {
    this.#core.note('network', 'reset', `${one} - ${other}`)
    for (const connection of this.#connections) {
      const ends = [connection.process.machine.name, connection.peer.process.machine.name]
      if (!ends.includes(one) || !ends.includes(other)) continue
      connection.break('ECONNRESET')
      connection.peer.break('ECONNRESET')
    }
  }

  /** Reserves a port; undefined if it is taken. */
  openPort(machine: string, port: number, owner: PortOwner): number | undefined {
    const chosen = port === 0 ? this.#nextPort++ : port
    const name = `${machine}:${chosen}`
    if (this.#ports.has(name)) return undefined
    this.#ports.set(name, owner)
    return chosen
  }

  closePort(machine: string, port: number): void {
    this.#ports.delete(`${machine}:${port}`)
  }

  portOwner(machine: string, port: number): PortOwner | undefined {
    return this.#ports.get(`${machine}:${port}`)
  }

  /** Makes a connection between two processes and returns its two ends. */
  join(client: NetworkProcess, server: NetworkProcess): readonly [SimConnection, SimConnection] {
    const clientEnd = new SimConnection(this.#core, this.links, client)
    const serverEnd = new SimConnection(this.#core, this.links, server)
    SimConnection.join(clientEnd, serverEnd)
    this.#forgetClosed()
    this.#connections.add(clientEnd)
    return [clientEnd, serverEnd]
  }

  /** Ends what a dead process had open; the peers are told unless its machine lost power. */
  release(process: NetworkProcess, tellPeers: 'tell' | 'silent'): void {
    for (const [name, owner] of this.#ports) if (owner.process === process) this.#ports.delete(name)
    for (const connection of this.#connections) {
      for (const end of [connection, connection.peer]) {
        if (end.process !== process) continue
        if (tellPeers === 'tell') end.abandon()
        else end.vanish()
      }
    }
  }

  #forgetClosed(): void {
    for (const connection of this.#connections) {
      if (!connection.isOpen && !connection.peer.isOpen) this.#connections.delete(connection)
    }
  }
}
