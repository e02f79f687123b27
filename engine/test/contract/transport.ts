import { describe, expect, test } from 'vitest'
import type { Env } from '../../src/env/env.ts'
import type { Connection, Listener, Transport } from '../../src/env/transport.ts'
import type { Environment } from './environments.ts'

const host = '127.0.0.1'

/** What every Transport that has connections does. */
export function transportContract(environment: Environment): void {
  const on = (name: string, main: (transport: Transport, env: Env) => Promise<void>): void => {
    test(name, () => environment.run((env) => main(env.transport, env)))
  }
  describe(`Transport contract: ${environment.name}`, () => {
    orderCases(on)
    closeCases(on)
    errorCases(on)
  })
}

type On = (name: string, main: (transport: Transport, env: Env) => Promise<void>) => void

function orderCases(on: On): void {
  on('brings all bytes in order, both ways', async (transport) => {
    const { client, server, listener } = await connected(transport)
    const atServer = collect(server)
    const atClient = collect(client)
    for (let index = 0; index < 200; index++) {
      void client.send(new Uint8Array([index, index + 1, index + 2]))
      if (index % 3 === 0) await server.send(new Uint8Array(1000).fill(index))
    }
    client.close()
    await atServer.closed
    const expected = Array.from({ length: 200 }, (_, index) => [index, index + 1, index + 2])
    expect(atServer.bytes).toEqual(expected.flat().map((value) => value & 255))
    expect(atClient.bytes).toEqual(atClient.bytes.toSorted((left, right) => left - right))
    await listener.close()
  })

  on('takes the bytes at the send: the array may change afterwards', async (transport) => {
    const { client, server, listener } = await connected(transport)
    const atServer = collect(server)
    const array = new Uint8Array(1000).fill(7)
    for (let index = 0; index < 100; index++) {
      array.fill(index)
      await client.send(array)
    }
    client.close()
    await atServer.closed
    expect(atServer.bytes.length).toBe(100_000)
    expect(atServer.bytes.every((value, index) => value === Math.floor(index / 1000))).toBe(true)
    await listener.close()
  })

  on('a paused receiver gets nothing and slows the sender', async (transport, env) => {
    const { client, server, listener } = await connected(transport)
    const atServer = collect(server)
    server.pause(true)
    let sentBytes = 0
    let isSending = true
    const sending = (async () => {
      const part = new Uint8Array(1 << 20)
      for (let index = 0; index < 24; index++) {
        await client.send(part)
        sentBytes += part.length
      }
      isSending = false
    })()
    const untilMs = env.clock.nowMs() + 100
    while (isSending && env.clock.nowMs() < untilMs) {
      await new Promise<void>((resolve) => env.timers.schedule(env.clock.nowMs() + 5, resolve))
    }
    expect(isSending).toBe(true)
    expect(sentBytes).toBeLessThan(24 << 20)
    expect(atServer.bytes.length).toBe(0)
    server.pause(false)
    await sending
    client.close()
    await atServer.closed
    expect(atServer.lengthBytes()).toBe(24 << 20)
    await listener.close()
  })
}

function closeCases(on: On): void {
  on('an orderly close comes after all bytes, once, on both sides', async (transport) => {
    const { client, server, listener } = await connected(transport)
    const atServer = collect(server)
    const atClient = collect(client)
    void client.send(new Uint8Array(100_000))
    client.close()
    client.close()
    expect(await atServer.closed).toBeUndefined()
    expect(await atClient.closed).toBeUndefined()
    expect(atServer.lengthBytes()).toBe(100_000)
    expect(atServer.closeCount()).toBe(1)
    await expect(client.send(new Uint8Array(1))).rejects.toMatchObject({ code: 'CONNECTION' })
    await expect(server.send(new Uint8Array(1))).rejects.toMatchObject({ code: 'CONNECTION' })
    await listener.close()
  })

  on('tells of the close also whoever listens only afterwards', async (transport, env) => {
    const { client, server, listener } = await connected(transport)
    server.close()
    await new Promise<void>((resolve) => env.timers.schedule(env.clock.nowMs() + 10, resolve))
    expect(await collect(client).closed).toBeUndefined()
    await listener.close()
  })

  on('a closed port refuses, connections made before go on', async (transport) => {
    const { client, server, listener } = await connected(transport)
    const atServer = collect(server)
    await listener.close()
    const refused = transport.connect({ host, port: listener.port })
    await expect(refused).rejects.toMatchObject({ code: 'CONNECTION' })
    await client.send(new Uint8Array([5]))
    client.close()
    await atServer.closed
    expect(atServer.bytes).toEqual([5])
  })
}

function errorCases(on: On): void {
  on('says who refused and who has the port', async (transport) => {
    const listener = await transport.listen({ host, port: 0 }, () => {})
    const { port } = listener
    expect(port).toBeGreaterThan(0)
    await expect(transport.listen({ host, port }, () => {})).rejects.toThrow(
      `cannot listen on ${host}:${port}: EADDRINUSE, the port is taken`,
    )
    await listener.close()
    await expect(transport.connect({ host, port })).rejects.toThrow(
      `cannot connect to ${host}:${port}: ECONNREFUSED, nothing listens there`,
    )
    const again = await transport.listen({ host, port }, () => {})
    await again.close()
  })
}

interface Pair {
  readonly client: Connection
  readonly server: Connection
  readonly listener: Listener
}

async function connected(transport: Transport): Promise<Pair> {
  let accept: (connection: Connection) => void = () => {}
  const accepted = new Promise<Connection>((resolve) => {
    accept = resolve
  })
  const listener = await transport.listen({ host, port: 0 }, (connection) => accept(connection))
  const client = await transport.connect({ host, port: listener.port })
  return { client, server: await accepted, listener }
}

interface Collected {
  /** The first two million bytes. */
  readonly bytes: number[]
  readonly lengthBytes: () => number
  readonly closeCount: () => number
  readonly closed: Promise<Error | undefined>
}

function collect(connection: Connection): Collected {
  const bytes: number[] = []
  let lengthBytes = 0
  let closeCount = 0
  const closed = new Promise<Error | undefined>((resolve) => {
    connection.receive({
      onBytes: (received) => {
        lengthBytes += received.length
        if (lengthBytes < 2_000_000) for (const value of received) bytes.push(value)
      },
      onClose: (error) => {
        closeCount++
        resolve(error)
      },
    })
  })
  return { bytes, lengthBytes: () => lengthBytes, closeCount: () => closeCount, closed }
}
