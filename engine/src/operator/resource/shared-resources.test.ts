import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ResourceLease, type ResourceOptions, SharedResources } from './shared-resources.ts'

interface Client {
  readonly id: number
  isOpen: boolean
}

/** Opens clients when it is told to, and notes what becomes of them. */
class FakeServer {
  readonly clients: Client[] = []
  readonly #pending: ((fails: boolean) => void)[] = []

  options(sharing: 'subtask' | 'task-manager', name: string = 'db'): ResourceOptions<Client> {
    return {
      name,
      sharing,
      open: () =>
        new Promise<Client>((resolve, reject) => {
          const client = { id: this.clients.length, isOpen: false }
          this.clients.push(client)
          this.#pending.push((fails) => {
            if (fails) {
              reject(new Error(`client ${client.id} is refused`))
              return
            }
            client.isOpen = true
            resolve(client)
          })
        }),
      close: (client) => {
        expect(client.isOpen).toBe(true)
        client.isOpen = false
      },
    }
  }

  /** Lets the oldest attempt to open succeed or fail. */
  async answer(fails: boolean): Promise<void> {
    this.#pending.shift()?.(fails)
    await settled()
  }

  get openCount(): number {
    return this.clients.filter(({ isOpen }) => isOpen).length
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

const sumOf = (leases: readonly ResourceLease<unknown>[]): number =>
  leases.reduce((sum, { openCount }) => sum + openCount, 0)

test('each subtask has its own by default; shared, it is opened once and closed by the last', async () => {
  const server = new FakeServer()
  const resources = new SharedResources(() => {})
  const own = [1, 2, 3].map(() => resources.acquire('job', server.options('subtask')))
  for (const _ of own) await server.answer(false)
  expect([server.openCount, sumOf(own)]).toEqual([3, 3])
  for (const lease of own) lease.release()
  await settled()
  expect([server.openCount, sumOf(own)]).toEqual([0, 0])

  const shared = [1, 2, 3].map(() => resources.acquire('job', server.options('task-manager')))
  const other = resources.acquire('job', server.options('task-manager', 'other'))
  const otherJob = resources.acquire('job 2', server.options('task-manager'))
  for (let i = 0; i < 3; i++) await server.answer(false)
  expect([server.openCount, sumOf(shared)]).toEqual([3, 1])
  const clients = await Promise.all(shared.map(({ resource }) => resource))
  expect(new Set(clients).size).toBe(1)
  expect(await other.resource).not.toBe(await otherJob.resource)

  shared[0]?.release()
  shared[0]?.release()
  await settled()
  expect([server.openCount, sumOf(shared)]).toEqual([3, 1])
  for (const lease of shared) lease.release()
  await settled()
  expect([server.openCount, sumOf(shared)]).toEqual([2, 0])
})

test('a failure to open reaches everybody who waits; the next one tries again', async () => {
  const server = new FakeServer()
  const resources = new SharedResources(() => {})
  const acquire = () => resources.acquire('job', server.options('task-manager'))
  const failed = [acquire(), acquire()]
  const retried = failed.map(({ resource }) => resource.catch(() => acquire().resource))
  await server.answer(true)
  for (const { resource } of failed) await expect(resource).rejects.toThrow('client 0 is refused')
  await server.answer(false)
  const clients = await Promise.all(retried)
  expect(clients.map(({ id }) => id)).toEqual([1, 1])
  for (const lease of failed) lease.release()
  await settled()
  expect(server.openCount).toBe(1)
})

test('an open that throws is a failure as well, and a client may be there at once', async () => {
  const resources = new SharedResources(() => {})
  const throwing = (): string => {
    throw new Error('no')
  }
  const close = (): void => {}
  const { resource } = resources.acquire('job', { name: 'x', open: throwing, close })
  await expect(resource).rejects.toThrow('no')
  const lease = resources.acquire('job', { name: 'x', open: () => 'client', close })
  expect(await lease.resource).toBe('client')
})

test('a failure to close is told, whoever has ended', async () => {
  const warnings: string[] = []
  const resources = new SharedResources((message) => warnings.push(message))
  const close = (): Promise<void> => Promise.reject(new Error('gone'))
  const lease = resources.acquire('job', { name: 'db', open: () => 1, close })
  lease.release()
  await settled()
  expect(warnings).toEqual(["the resource 'db' could not be closed: Error: gone"])
})

/** What may happen next: somebody acquires, releases, or an attempt to open is answered. */
type Step =
  | { readonly kind: 'acquire' }
  | { readonly kind: 'release'; readonly which: number }
  | { readonly kind: 'answer'; readonly fails: boolean }

test('any order of acquire, release and answers: one live client, closed when nobody has it', async () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.constant({ kind: 'acquire' } as const),
    fc.record({ kind: fc.constant('release' as const), which: fc.nat(5) }),
    fc.record({ kind: fc.constant('answer' as const), fails: fc.boolean() }),
  )
  const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const server = new FakeServer()
    const resources = new SharedResources(() => {})
    const held: ResourceLease<Client>[] = []
    // The reference: the client of each lease that is held, by its number; those that failed.
    const clientOf = new Map<ResourceLease<Client>, number>()
    const failed = new Set<number>()
    const opened = new Set<number>()
    let live: number | undefined
    let asked = 0
    const waiting: number[] = []
    for (const next of steps) {
      if (next.kind === 'acquire') {
        const lease = resources.acquire('job', server.options('task-manager'))
        lease.resource.catch(() => {})
        if (live === undefined) {
          live = asked++
          waiting.push(live)
        }
        held.push(lease)
        clientOf.set(lease, live)
      } else if (next.kind === 'release') {
        const [lease] = held.splice(next.which, 1)
        if (lease !== undefined) {
          lease.release()
          const client = clientOf.get(lease)
          clientOf.delete(lease)
          const isFree = ![...clientOf.values()].some((other) => other === client)
          if (isFree && live === client) live = undefined
        }
      } else {
        await server.answer(next.fails)
        const client = waiting.shift()
        if (client !== undefined) (next.fails ? failed : opened).add(client)
        if (next.fails && live === client) live = undefined
      }
      await settled()
      expect(server.clients.length).toBe(asked)
      const used = new Set([...clientOf.values()].filter((client) => opened.has(client)))
      const open = server.clients.filter(({ isOpen }) => isOpen).map(({ id }) => id)
      expect(open).toEqual([...used].sort((left, right) => left - right))
      expect(sumOf(held)).toBe(open.length)
      expect(open.length).toBeLessThanOrEqual(1)
      for (const lease of held) {
        const client = clientOf.get(lease) as number
        if (opened.has(client)) expect((await lease.resource).id).toBe(client)
        if (failed.has(client)) await expect(lease.resource).rejects.toThrow('is refused')
      }
    }
  })
  await fc.assert(property, { seed: 11, numRuns: 500 })
})
