import { expect, test } from 'vitest'
import type { Connection } from '../../env/transport.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { SimProcess } from './sim-process.ts'
import { SimWorld } from './sim-world.ts'

interface End {
  readonly process: SimProcess
  readonly connection: Connection
  readonly received: number[]
  /** One entry per call of `onClose`: the error's message, or 'orderly'. */
  readonly closes: string[]
}

/** A connection from a process `client` to a process `server`, each on its own machine. */
async function connected(
  seed: number,
  faults: FaultPlan = {},
): Promise<{ world: SimWorld; client: End; server: End }> {
  const world = new SimWorld({ seed, faults })
  const ends: End[] = []
  const join = (process: SimProcess, connection: Connection): void => {
    const end: End = { process, connection, received: [], closes: [] }
    connection.receive({
      onBytes: (bytes) => end.received.push(...bytes),
      onClose: (error) => end.closes.push(error?.message ?? 'orderly'),
    })
    ends.push(end)
  }
  const server = world.createProcess('server')
  const client = world.createProcess('client')
  world.start(server, async () => {
    const accept = (connection: Connection): void => join(server, connection)
    await server.env.transport.listen({ host: '0.0.0.0', port: 7 }, accept)
    world.start(client, async () => {
      join(client, await client.env.transport.connect({ host: 'server', port: 7 }))
    })
  })
  await world.run({ until: () => ends.length === 2 })
  const [one, other] = ends as [End, End]
  const isClient = one.process === client
  return { world, client: isClient ? one : other, server: isClient ? other : one }
}

const numbers = Array.from({ length: 50 }, (_, index) => index)

function sendAll(end: End): void {
  for (const number of numbers) {
    end.connection.send(new Uint8Array([number, number, number])).catch(() => {})
  }
}

const thrice = numbers.flatMap((number) => [number, number, number])

test('bytes come in order though packets overtake each other, and in other pieces', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const { world, client, server } = await connected(seed)
    sendAll(client)
    await world.run()
    expect(server.received).toEqual(thrice)
  }
})

test('what a cut link holds back comes after it is healed; the way back is not cut', async () => {
  const { world, client, server } = await connected(1)
  world.network.links.cut('client', 'server')
  sendAll(client)
  sendAll(server)
  await world.run({ maxVirtualMs: 1000 })
  expect(server.received).toEqual([])
  expect(client.received).toEqual(thrice)
  expect(world.parked()).toContainEqual(expect.stringContaining('packets wait for a cut link'))
  world.network.links.heal('client', 'server')
  await world.run()
  expect(server.received).toEqual(thrice)
  expect(client.closes).toEqual([])
})

test('a partition that lasts ends in a time-out for who has sent, and half open for who has not', async () => {
  const { world, client, server } = await connected(1)
  world.network.partition('client', 'server')
  sendAll(client)
  await world.run()
  expect(world.virtualMs).toBeGreaterThan(60_000)
  expect(client.closes).toEqual([expect.stringContaining('ETIMEDOUT, the peer does not answer')])
  expect(server.closes).toEqual([])
  expect(server.received).toEqual([])
  expect(world.network.openConnectionCount).toBe(1)
})

test('a reset is an error on both sides', async () => {
  const { world, client, server } = await connected(1)
  sendAll(client)
  world.network.reset('client', 'server')
  await world.run()
  for (const end of [client, server])
    expect(end.closes).toEqual([expect.stringContaining('ECONNRESET')])
  expect(server.received.length).toBeLessThan(thrice.length)
  expect(world.network.openConnectionCount).toBe(0)
})

test('a reset is also told to whoever listens only afterwards', async () => {
  const world = new SimWorld({ seed: 1 })
  const server = world.createProcess('server')
  const closes: (string | undefined)[] = []
  world.start(server, async () => {
    await server.env.transport.listen({ host: 'server', port: 7 }, () => {})
    const late = await server.env.transport.connect({ host: 'localhost', port: 7 })
    world.network.reset('server', 'server')
    await server.env.executor.yieldSlice()
    late.receive({ onBytes: () => {}, onClose: (error) => closes.push(error?.message) })
  })
  await world.run()
  expect(closes).toEqual([expect.stringContaining('ECONNRESET')])
})

test('the peer of a killed process sees an end or a reset', async () => {
  const seen = new Set<string>()
  for (let seed = 0; seed < 20; seed++) {
    const { world, client, server } = await connected(seed)
    world.kill(server.process)
    await world.run()
    expect(client.closes.length).toBe(1)
    seen.add(client.closes[0]?.includes('ECONNRESET') ? 'reset' : (client.closes[0] as string))
    expect(world.network.openPorts).toEqual([])
    expect(server.closes).toEqual([])
  }
  expect([...seen].sort()).toEqual(['orderly', 'reset'])
})

test('the peer of a machine without power sees nothing until it sends', async () => {
  const { world, client, server } = await connected(1)
  world.powerFail(server.process.machine)
  await world.run()
  expect(client.closes).toEqual([])
  sendAll(client)
  await world.run()
  expect(client.closes).toEqual([expect.stringContaining('ETIMEDOUT')])
})

test('a machine that is up again resets connections it does not know', async () => {
  const { world, client, server } = await connected(1)
  world.powerFail(server.process.machine)
  world.createProcess('server again', server.process.machine)
  sendAll(client)
  await world.run()
  expect(client.closes).toEqual([expect.stringContaining('ECONNRESET')])
  expect(world.virtualMs).toBeLessThan(1000)
})

test('a receiver that is paused or frozen holds up the sender', async () => {
  const { world, client, server } = await connected(1, { network: { windowBytes: 100 } })
  world.pause(server.process)
  let sentCount = 0
  const send = async (): Promise<void> => {
    for (const number of numbers) {
      await client.connection.send(new Uint8Array(10).fill(number))
      sentCount++
    }
  }
  world.start(client.process, send)
  await world.run({ maxVirtualMs: 10_000 })
  expect(sentCount).toBe(10)
  world.resume(server.process)
  await world.run()
  expect(sentCount).toBe(50)
  expect(server.received.length).toBe(500)
})

test('connecting fails as it does in life', async () => {
  const world = new SimWorld({ seed: 1 })
  const { env } = world.createProcess('client')
  const dark = world.createMachine('dark')
  world.createMachine('light')
  world.powerFail(dark)
  const errors: string[] = []
  for (const host of ['dark', 'light', 'nowhere', 'localhost']) {
    env.transport.connect({ host, port: 1 }).catch((error) => errors.push(error.message))
  }
  await world.run()
  const codes = errors.map((message) => message.replace(/^cannot connect to (\w+:1: \w+).*$/, '$1'))
  expect(codes.sort()).toEqual([
    'dark:1: ETIMEDOUT',
    'light:1: ECONNREFUSED',
    'localhost:1: ECONNREFUSED',
    'nowhere:1: ENOTFOUND',
  ])
})

test('the plan may reset connections at random', async () => {
  const { world, client, server } = await connected(1, { network: { resetProbability: 0.05 } })
  sendAll(client)
  await world.run()
  expect(world.counters.get('fault:reset')).toBe(1)
  expect(server.closes).toEqual([expect.stringContaining('ECONNRESET')])
})
