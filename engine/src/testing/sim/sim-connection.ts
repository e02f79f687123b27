import { connectionError } from '../../env/connection-error.ts'
import type { Connection, ConnectionHandlers } from '../../env/transport.ts'
import type { SimCore } from './sim-core.ts'
import type { EventOwner } from './sim-event.ts'
import type { SimLinks } from './sim-links.ts'

/** The process at one end of a connection, as the network sees it. */
export interface NetworkProcess extends EventOwner {
  readonly machine: { readonly name: string; readonly isUp: boolean }
}

/** What travels: bytes, or the orderly end. */
type Segment = Uint8Array | 'end'

/**
 * One end of a simulated connection. Bytes arrive in order or not at all, perhaps in other pieces
 * than they were sent in. A peer may also vanish without a word: then nothing comes any more, and
 * only what is sent to it runs into a time-out.
 */
export class SimConnection implements Connection {
  readonly process: NetworkProcess
  readonly #core: SimCore
  readonly #links: SimLinks
  #peer: SimConnection | undefined
  #handlers: ConnectionHandlers | undefined
  /** Sent and not arrived, oldest first. */
  readonly #underWay: Segment[] = []
  /** Arrived and not handed over, oldest first. */
  readonly #arrived: Segment[] = []
  /** Sent and not handed over at the other end. */
  #unreadBytes = 0
  #waitingSends: PendingSend[] = []
  #paused = false
  #delivering = false
  #life: 'open' | 'closed' = 'open'
  /** Why it was closed, until somebody listens. */
  #pendingClose: { readonly error: Error | undefined } | undefined

  constructor(core: SimCore, links: SimLinks, process: NetworkProcess) {
    this.#core = core
    this.#links = links
    this.process = process
  }

  /** Makes two ends one connection. */
  static join(one: SimConnection, other: SimConnection): void {
    one.#peer = other
    other.#peer = one
  }

  get isOpen(): boolean {
    return this.#life === 'open'
  }

  /** The end on the other side. */
  get peer(): SimConnection {
    return this.#peer as SimConnection
  }

  receive(handlers: ConnectionHandlers): void {
    this.#handlers = handlers
    if (this.#pendingClose !== undefined) this.#reportClose(this.#pendingClose.error)
    this.#deliverSoon()
  }

  send(bytes: Uint8Array): Promise<void> {
    if (this.process.life === 'dead') return new Promise(() => {})
    if (this.#life !== 'open') return Promise.reject(this.#error('send to', 'EPIPE'))
    const { resetProbability, splitProbability, windowBytes } = this.#core.plan.network
    const { random } = this.#links
    if (resetProbability > 0 && random.float() < resetProbability) {
      this.#core.note(this.process.name, 'fault:reset', this.#peerName)
      this.peer.break('ECONNRESET')
      this.break('ECONNRESET')
      return Promise.reject(this.#error('send to', 'ECONNRESET'))
    }
    const cut = random.float() < splitProbability ? random.below(bytes.length + 1) : 0
    if (cut > 0) this.#transmit(bytes.slice(0, cut))
    if (cut < bytes.length) this.#transmit(bytes.slice(cut))
    this.#unreadBytes += bytes.length
    if (this.#unreadBytes <= windowBytes) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waitingSends.push({ resolve, reject }))
  }

  pause(paused: boolean): void {
    this.#paused = paused
    this.#deliverSoon()
  }

  close(): void {
    if (this.#life !== 'open' || this.process.life === 'dead') return
    this.#transmit('end')
    this.#closeWith(undefined)
  }

  /** Ends the connection on this side with an error; the other side learns nothing. */
  break(systemCode: string): void {
    if (this.#life === 'open') this.#closeWith(this.#error('keep the connection to', systemCode))
  }

  /** What the system does for a process that was killed: an orderly end, or a reset. */
  abandon(): void {
    if (this.#life !== 'open') return
    const unread = this.#arrived.length > 0
    const withReset = unread || this.#links.random.below(2) === 0
    if (withReset) this.#tellPeer(() => this.peer.break('ECONNRESET'))
    else this.#transmit('end')
    this.#life = 'closed'
  }

  /** What a loss of power does: nobody is told. */
  vanish(): void {
    this.#life = 'closed'
  }

  #transmit(segment: Segment): void {
    this.#underWay.push(segment)
    const { peer } = this
    // Whichever packet lands first brings the oldest segment: that keeps the order.
    const arrive = (): void => {
      const oldest = this.#underWay.shift() as Segment
      if (peer.process.life === 'dead') this.#missPeer()
      else peer.#take(oldest)
    }
    const from = this.process.machine.name
    this.#links.carry(from, peer.process.machine.name, arrive, () => {
      this.#underWay.shift()
      this.break('ETIMEDOUT')
    })
  }

  /** Bytes have come to a machine on which the peer is no more. */
  #missPeer(): void {
    if (this.#life !== 'open') return
    if (this.peer.process.machine.isUp) {
      this.peer.#tellPeer(() => this.break('ECONNRESET'))
      return
    }
    const { timeoutMs } = this.#core.plan.network
    this.#links.after(timeoutMs, 'net.timeout', () => this.break('ETIMEDOUT'), this.#peerName)
  }

  #take(segment: Segment): void {
    if (this.#life !== 'open') {
      // Whoever has closed reads no more: what still comes is taken and thrown away.
      if (segment !== 'end') this.#tellPeer(() => this.peer.#acknowledge(segment.length))
      return
    }
    this.#arrived.push(segment)
    this.#deliverSoon()
  }

  #deliverSoon(): void {
    const wanted = this.#handlers !== undefined && !this.#paused && this.#life === 'open'
    if (!wanted || this.#delivering || this.#arrived.length === 0) return
    this.#delivering = true
    const { schedule } = this.#core
    schedule.at(this.process, schedule.nowMs, 'net.deliver', () => this.#deliver(), this.#peerName)
  }

  #deliver(): void {
    this.#delivering = false
    if (this.#paused || this.#life !== 'open') return
    const segment = this.#arrived.shift()
    if (segment === undefined) return
    if (segment === 'end') {
      this.#closeWith(undefined)
      return
    }
    const sender = this.peer
    this.#tellPeer(() => sender.#acknowledge(segment.length))
    // First plan the next piece: the handler may throw.
    this.#deliverSoon()
    this.#handlers?.onBytes(segment)
  }

  #acknowledge(lengthBytes: number): void {
    this.#unreadBytes -= lengthBytes
    if (this.#unreadBytes > this.#core.plan.network.windowBytes) return
    const waiting = this.#waitingSends
    this.#waitingSends = []
    for (const send of waiting) this.#inProcess('net.sent', send.resolve)
  }

  #closeWith(error: Error | undefined): void {
    this.#life = 'closed'
    const waiting = this.#waitingSends
    this.#waitingSends = []
    // An orderly end does not take back what was sent before it.
    for (const send of waiting) {
      this.#inProcess('net.sent', () => (error === undefined ? send.resolve() : send.reject(error)))
    }
    if (this.#handlers === undefined) this.#pendingClose = { error }
    else this.#reportClose(error)
  }

  #reportClose(error: Error | undefined): void {
    this.#inProcess('net.close', () => this.#handlers?.onClose(error))
  }

  #inProcess(label: string, run: () => void): void {
    const { schedule } = this.#core
    schedule.at(this.process, schedule.nowMs, label, run, this.#peerName)
  }

  /** Brings a sign from this machine's system to the other end. */
  #tellPeer(run: () => void): void {
    const { peer } = this
    this.#links.carry(this.process.machine.name, peer.process.machine.name, run, () => {})
  }

  get #peerName(): string {
    return this.peer.process.name
  }

  #error(doing: string, systemCode: string): Error {
    return connectionError(doing, this.#peerName, systemCode)
  }
}

interface PendingSend {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}
