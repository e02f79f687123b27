/// <reference types="node" />
import * as net from 'node:net'
import { connectionError } from '../connection-error.ts'
import type { Connection, ConnectionHandlers, Listener, Transport } from '../transport.ts'

/** After this long without traffic the system asks the peer whether it is still there. */
const KEEP_ALIVE_MS = 10_000

/** TCP, through `node:net`. */
export class NodeTransport implements Transport {
  connect(options: { readonly host: string; readonly port: number }): Promise<Connection> {
    const { host, port } = options
    return new Promise((resolve, reject) => {
      const socket = net.connect({ host, port })
      const onError = (error: Error): void => {
        reject(connectionError('connect to', `${host}:${port}`, codeOf(error), error))
      }
      socket.once('error', onError)
      socket.once('connect', () => {
        socket.off('error', onError)
        resolve(new NodeConnection(socket, `${host}:${port}`))
      })
    })
  }

  listen(
    options: { readonly host: string; readonly port: number },
    onConnection: (connection: Connection) => void,
  ): Promise<Listener> {
    const { host, port } = options
    return new Promise((resolve, reject) => {
      const server = net.createServer((socket) => {
        onConnection(new NodeConnection(socket, `${socket.remoteAddress}:${socket.remotePort}`))
      })
      server.once('error', (error) => {
        reject(connectionError('listen on', `${host}:${port}`, codeOf(error), error))
      })
      server.listen({ host, port }, () => resolve(new NodeListener(server)))
    })
  }
}

class NodeListener implements Listener {
  readonly port: number
  readonly #server: net.Server

  constructor(server: net.Server) {
    this.#server = server
    this.port = (server.address() as net.AddressInfo).port
  }

  close(): Promise<void> {
    // The port is free at once; the callback of `close` would also wait for every connection.
    this.#server.close()
    return new Promise((resolve) => setImmediate(resolve))
  }
}

class NodeConnection implements Connection {
  readonly #socket: net.Socket
  readonly #peer: string
  #handlers: ConnectionHandlers | undefined
  #error: Error | undefined
  /** The socket is closed, but nobody has been told yet. */
  #endPending = false
  #closed = false

  constructor(socket: net.Socket, peer: string) {
    this.#socket = socket
    this.#peer = peer
    socket.setNoDelay(true)
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    socket.on('error', (error) => {
      this.#error = connectionError('keep the connection to', peer, codeOf(error), error)
    })
    socket.on('close', () => this.#end())
  }

  receive(handlers: ConnectionHandlers): void {
    this.#handlers = handlers
    if (this.#endPending) {
      setImmediate(() => this.#end())
      return
    }
    this.#socket.on('data', (bytes) => {
      if (!this.#closed) handlers.onBytes(bytes as Uint8Array)
    })
  }

  send(bytes: Uint8Array): Promise<void> {
    if (this.#closed || this.#socket.destroyed) {
      return Promise.reject(connectionError('send to', this.#peer, 'EPIPE', this.#error))
    }
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => {
        if (error) reject(connectionError('send to', this.#peer, codeOf(error), error))
        else resolve()
      })
    })
  }

  pause(paused: boolean): void {
    if (this.#closed) return
    if (paused) this.#socket.pause()
    else this.#socket.resume()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket.end()
    // Bytes left unread would keep the socket open for ever, and turn the end of this process into
    // a reset, by which the peer can lose the last bytes sent to it.
    this.#socket.resume()
    setImmediate(() => this.#end())
  }

  #end(): void {
    const handlers = this.#handlers
    if (handlers === undefined) {
      this.#endPending = true
      return
    }
    this.#handlers = undefined
    this.#endPending = false
    const error = this.#closed ? undefined : this.#error
    this.#closed = true
    handlers.onClose(error)
  }
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? 'EUNKNOWN'
}
