/// <reference types="node" />
import { expect, test } from 'vitest'
import type { Connection } from '../transport.ts'
import { NodeTransport } from './node-transport.ts'

const host = '127.0.0.1'

test('a connection closed with bytes unread ends all the same, on both sides', async () => {
  const transport = new NodeTransport()
  let accept: (connection: Connection) => void = () => {}
  const accepted = new Promise<Connection>((resolve) => {
    accept = resolve
  })
  const listener = await transport.listen({ host, port: 0 }, (connection) => accept(connection))
  const client = await transport.connect({ host, port: listener.port })
  const server = await accepted
  client.pause(true)
  const received: Uint8Array[] = []
  client.receive({ onBytes: (bytes) => received.push(bytes), onClose: () => {} })
  const serverClosed = new Promise<Error | undefined>((resolve) => {
    server.receive({ onBytes: () => {}, onClose: resolve })
  })
  await server.send(new Uint8Array(100_000))
  client.close()
  expect(await serverClosed).toBeUndefined()
  await listener.close()
  const sockets = (): string[] =>
    process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))
  for (let turn = 0; turn < 1000 && sockets().length > 0; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(sockets()).toEqual([])
  expect(received).toEqual([])
})
