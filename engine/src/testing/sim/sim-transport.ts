import { connectionError } from '../../env/connection-error.ts'
import type { Connection, Listener, Transport } from '../../env/transport.ts'
import type { NetworkProcess } from './sim-connection.ts'
import type { SimCore } from './sim-core.ts'
import type { SimNetwork } from './sim-network.ts'

/** The simulated network as one process sees it. */
export class SimTransport implements Transport {
  readonly #core: SimCore
  readonly #network: SimNetwork
  readonly #process: NetworkProcess

  constructor(core: SimCore, network: SimNetwork, process: NetworkProcess) {
    this.#core = core
    this.#network = network
    this.#process = process
  }

  connect(options: { readonly host: string; readonly port: number }): Promise<Connection> {
    if (this.#process.life === 'dead') return new Promise(() => {})
    const here = this.#process.machine.name
    const there = this.#machineOf(options.host)
    const address = `${options.host}:${options.port}`
    return new Promise((resolve, reject) => {
      const fail = (systemCode: string): void => {
        const error = connectionError('connect to', address, systemCode)
        this.#inProcess('net.refused', address, () => reject(error))
      }
      const answer = (run: () => void): void => {
        this.#network.links.carry(there, here, run, () => fail('ETIMEDOUT'))
      }
      const knock = (): void => {
        const owner = this.#network.portOwner(there, options.port)
        if (owner !== undefined) {
          const [mine, theirs] = this.#network.join(this.#process, owner.process)
          answer(() => this.#inProcess('net.connected', address, () => resolve(mine)))
          const accept = (): void => owner.onConnection(theirs)
          this.#core.schedule.at(owner.process, this.#core.schedule.nowMs, 'net.accept', accept)
        } else if (this.#network.host(there)?.isUp === true) {
          answer(() => fail('ECONNREFUSED'))
        } else {
          const { timeoutMs } = this.#core.plan.network
          this.#network.links.after(timeoutMs, 'net.timeout', () => fail('ETIMEDOUT'), address)
        }
      }
      if (this.#network.host(there) === undefined) fail('ENOTFOUND')
      else this.#network.links.carry(here, there, knock, () => fail('ETIMEDOUT'))
    })
  }

  listen(
    options: { readonly host: string; readonly port: number },
    onConnection: (connection: Connection) => void,
  ): Promise<Listener> {
    if (this.#process.life === 'dead') return new Promise(() => {})
    const machine = this.#process.machine.name
    const address = `${options.host}:${options.port}`
    return new Promise((resolve, reject) => {
      const owner = { process: this.#process, onConnection }
      const port = this.#network.openPort(machine, options.port, owner)
      this.#inProcess('net.listen', address, () => {
        if (port === undefined) reject(connectionError('listen on', address, 'EADDRINUSE'))
        else resolve(this.#listener(machine, port))
      })
    })
  }

  #listener(machine: string, port: number): Listener {
    const close = (): Promise<void> => {
      if (this.#process.life === 'dead') return new Promise(() => {})
      this.#network.closePort(machine, port)
      return new Promise((resolve) => this.#inProcess('net.unlisten', `${port}`, resolve))
    }
    return { port, close }
  }

  #machineOf(host: string): string {
    return host === 'localhost' || host === '127.0.0.1' ? this.#process.machine.name : host
  }

  #inProcess(label: string, detail: string, run: () => void): void {
    const { schedule } = this.#core
    schedule.at(this.#process, schedule.nowMs, label, run, detail)
  }
}
