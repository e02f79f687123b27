/** Ordered byte connections between processes, as TCP gives them. */
export interface Transport {
  /** Opens a connection. Rejects with `CONNECTION`, naming host, port and the system's code. */
  connect(options: { readonly host: string; readonly port: number }): Promise<Connection>
  /** Accepts connections; `port` 0 picks a free one. */
  listen(
    options: { readonly host: string; readonly port: number },
    onConnection: (connection: Connection) => void,
  ): Promise<Listener>
}

/** One open connection. Bytes arrive in the order they were sent. */
export interface Connection {
  /** Sets who is told of bytes and of the end; called once, before anything arrives. */
  receive(handlers: ConnectionHandlers): void
  /** Sends bytes; resolves when they were taken over and more may be sent (backpressure). */
  send(bytes: Uint8Array): Promise<void>
  /** Stops (`true`) or goes on (`false`) delivering bytes: backpressure towards the peer. */
  pause(paused: boolean): void
  close(): void
}

/** Who is told what happens on a {@link Connection}. */
export interface ConnectionHandlers {
  readonly onBytes: (bytes: Uint8Array) => void
  /** The connection ended; `error` is set unless the peer closed it in order. Called once. */
  readonly onClose: (error: Error | undefined) => void
}

/** A port that accepts connections. */
export interface Listener {
  readonly port: number
  close(): Promise<void>
}
