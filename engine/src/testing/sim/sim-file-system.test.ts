import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EngineError } from '../../base/engine-error.ts'
import type { FileSystem } from '../../env/file-system.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { SimProcess } from './sim-process.ts'
import { SimWorld } from './sim-world.ts'

/** Runs `main` in a process of a fresh world, and returns the world. */
async function inWorld(
  options: { readonly seed: number; readonly faults?: FaultPlan },
  main: (fs: FileSystem, process: SimProcess) => Promise<void>,
): Promise<SimWorld> {
  const world = new SimWorld(options)
  const process = world.createProcess('p')
  let isDone = false
  world.start(process, async () => {
    await main(process.env.fileSystem, process)
    isDone = true
  })
  expect((await world.run({ until: () => isDone })).kind).toBe('done')
  return world
}

/** The reference: paths and bytes in one flat map, no tree, no handles. */
class FlatFiles {
  readonly #files = new Map<string, number[] | 'folder'>([['', 'folder']])

  apply(step: Step): string {
    const { path } = step
    const at = this.#files.get(path)
    const hasParent = this.#files.get(path.slice(0, path.lastIndexOf('/'))) === 'folder'
    switch (step.kind) {
      case 'create':
        if (!hasParent) return 'FILE_NOT_FOUND'
        if (at === 'folder') return 'FILE_SYSTEM'
        this.#files.set(path, [...step.bytes])
        return 'ok'
      case 'append':
      case 'truncate':
        if (at === undefined) return 'FILE_NOT_FOUND'
        if (at === 'folder') return 'FILE_SYSTEM'
        if (step.kind === 'append') at.push(...step.bytes)
        else at.length = Math.min(at.length, 1)
        return 'ok'
      case 'makeFolder':
        for (let end = path.indexOf('/', 1); ; end = path.indexOf('/', end + 1)) {
          const part = end < 0 ? path : path.slice(0, end)
          if (Array.isArray(this.#files.get(part))) return 'FILE_SYSTEM'
          this.#files.set(part, 'folder')
          if (end < 0) return 'ok'
        }
      case 'remove':
        for (const other of [...this.#files.keys()]) {
          if (other === path || other.startsWith(`${path}/`)) this.#files.delete(other)
        }
        return 'ok'
      case 'rename':
        return this.#rename(path, step.to)
    }
  }

  #rename(path: string, to: string): string {
    const at = this.#files.get(path)
    const target = this.#files.get(to)
    const hasParent = this.#files.get(to.slice(0, to.lastIndexOf('/'))) === 'folder'
    if (at === undefined || !hasParent) return 'FILE_NOT_FOUND'
    if (path === to) return 'ok'
    if (at === 'folder' && to.startsWith(`${path}/`)) return 'FILE_SYSTEM'
    if (target === 'folder') {
      if (at !== 'folder') return 'FILE_SYSTEM'
      if ([...this.#files.keys()].some((key) => key.startsWith(`${to}/`))) return 'FILE_SYSTEM'
    } else if (target !== undefined && at === 'folder') return 'FILE_NOT_FOUND'
    for (const [key, value] of [...this.#files]) {
      if (key !== path && !key.startsWith(`${path}/`)) continue
      this.#files.delete(key)
      this.#files.set(to + key.slice(path.length), value)
    }
    return 'ok'
  }

  content(): Record<string, string> {
    const sorted = [...this.#files].filter(([path]) => path !== '').sort()
    return Object.fromEntries(sorted.map(([path, value]) => [path, String(value)]))
  }
}

type Step =
  | { readonly kind: 'create' | 'append'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly path: string }
  | { readonly kind: 'remove' | 'makeFolder'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }

async function applyTo(fs: FileSystem, step: Step): Promise<string> {
  try {
    if (step.kind === 'makeFolder') await fs.makeDirectory(step.path)
    else if (step.kind === 'remove') await fs.remove(step.path)
    else if (step.kind === 'rename') await fs.rename(step.path, step.to)
    else {
      const isNew = step.kind === 'create'
      const file = await (isNew ? fs.create(step.path) : fs.openAppend(step.path))
      const sizeBytes = (await fs.stat(step.path))?.sizeBytes ?? 0
      if ('bytes' in step) await file.append(step.bytes)
      else await file.truncate(Math.min(sizeBytes, 1))
      await file.sync()
      await file.close()
    }
    return 'ok'
  } catch (error) {
    if (error instanceof EngineError) return error.code
    throw error
  }
}

async function contentOf(fs: FileSystem, folder: string): Promise<Record<string, string>> {
  let content: Record<string, string> = {}
  for (const { path, kind, sizeBytes } of await fs.list(folder)) {
    if (kind === 'directory') {
      content = { ...content, [path]: 'folder', ...(await contentOf(fs, path)) }
    } else {
      const file = await fs.openRead(path)
      content[path] = String(await file.read(0, sizeBytes))
      await file.close()
    }
  }
  return content
}

const path = fc.constantFrom('/a', '/b', '/d', '/d/a', '/d/e', '/d/e/a')
const bytes = fc.uint8Array({ maxLength: 4 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('create' as const, 'append' as const), path, bytes }),
  fc.record({ kind: fc.constant('truncate' as const), path }),
  fc.record({ kind: fc.constantFrom('remove' as const, 'makeFolder' as const), path }),
  fc.record({ kind: fc.constant('rename' as const), path, to: path }),
)

test('without faults it does what a flat map of paths does, step by step', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.nat(), async (steps, seed) => {
      const reference = new FlatFiles()
      const world = await inWorld({ seed }, async (fs, process) => {
        for (const step of steps) expect(await applyTo(fs, step)).toBe(reference.apply(step))
        const found = Object.entries(await contentOf(fs, '/')).sort()
        expect(Object.fromEntries(found)).toEqual(reference.content())
        // A call that failed leaves its file open only if it had one.
        expect(process.fileSystem.openFileCount).toBe(0)
      })
      expect(world.counters.size).toBe(0)
    }),
    { seed: 5, numRuns: 150 },
  )
})

test('calls take time and overlap: two writers of two files mix in any order', async () => {
  const orders = new Set<string>()
  for (let seed = 0; seed < 20; seed++) {
    await inWorld({ seed }, async (fs) => {
      const order: string[] = []
      const write = async (name: string): Promise<void> => {
        const file = await fs.create(`/${name}`)
        await file.sync()
        await file.close()
        order.push(name)
      }
      await Promise.all(['a', 'b', 'c'].map(write))
      orders.add(order.join(''))
    })
  }
  expect(orders.size).toBe(6)
})

test('a full disk takes what fits, then ENOSPC; removing files makes room', async () => {
  const faults = { fileSystem: { quotaBytes: 100 } }
  await inWorld({ seed: 1, faults }, async (fs) => {
    const file = await fs.create('/a')
    await file.append(new Uint8Array(90))
    await expect(file.append(new Uint8Array(20))).rejects.toThrow(
      'cannot append to /a: ENOSPC, no space left on device; free space or choose another folder',
    )
    expect((await fs.stat('/a'))?.sizeBytes).toBe(100)
    await fs.remove('/a')
    const next = await fs.create('/b')
    await next.append(new Uint8Array(100))
  })
})

test('the chosen sync fails with EIO: what it should have saved is lost, silently', async () => {
  const faults = { fileSystem: { failedSyncs: [2] } }
  const world = new SimWorld({ seed: 1, faults })
  const machine = world.createMachine('m')
  const writer = world.createProcess('writer', machine)
  let isDone = false
  world.start(writer, async () => {
    const file = await writer.env.fileSystem.create('/f')
    await writer.env.fileSystem.syncDirectory('/')
    await file.append(new Uint8Array([1, 1]))
    await file.sync()
    await file.append(new Uint8Array([2, 2]))
    await expect(file.sync()).rejects.toThrow('cannot sync /f: EIO')
    await file.sync()
    isDone = true
  })
  await world.run({ until: () => isDone })
  world.powerFail(machine)
  const reader = world.createProcess('reader', machine)
  let found = ''
  world.start(reader, async () => {
    found = String(await (await reader.env.fileSystem.openRead('/f')).read(0, 9))
  })
  await world.run()
  expect(found).toBe('1,1')
  expect(world.counters.get('fault:EIO')).toBe(1)
})

test('denied paths give EACCES and too many open files EMFILE', async () => {
  const faults = { fileSystem: { deniedPaths: ['/secret'], openFileCountMax: 2 } }
  await inWorld({ seed: 1, faults }, async (fs) => {
    await expect(fs.makeDirectory('/secret/x')).rejects.toThrow('EACCES, permission denied')
    await expect(fs.stat('/a/../secret')).rejects.toThrow('EACCES')
    await fs.makeDirectory('/secretary')
    const file = await fs.create('/a')
    await fs.create('/b')
    await expect(fs.openRead('/a')).rejects.toMatchObject({ retryable: true })
    await file.close()
    await fs.openRead('/a')
  })
})

test('random errors change nothing and stop nobody from closing', async () => {
  const faults = { fileSystem: { errorProbability: 0.3 } }
  const world = await inWorld({ seed: 2, faults }, async (fs, process) => {
    let written = 0
    for (let index = 0; index < 100; index++) {
      const file = await fs.create(`/${index}`).catch(() => undefined)
      if (file === undefined) continue
      const isWritten = await file.append(new Uint8Array(7)).then(
        () => true,
        () => false,
      )
      written += isWritten ? 7 : 0
      await file.close()
    }
    expect(process.machine.disk.usedBytes).toBe(written)
    expect(process.fileSystem.openFileCount).toBe(0)
  })
  expect(world.counters.get('fault:EIO')).toBeGreaterThan(20)
})

test('a killed process changes nothing more, and its calls never settle', async () => {
  const seenSizes = new Set<number>()
  for (let seed = 0; seed < 60; seed++) {
    const world = new SimWorld({ seed })
    const machine = world.createMachine('m')
    const process = world.createProcess('p', machine)
    let settledCount = 0
    world.start(process, async () => {
      const file = await process.env.fileSystem.create('/f')
      for (;;) {
        await file.append(new Uint8Array(10))
        settledCount++
      }
    })
    world.after(1 + (seed % 7) / 10, () => {
      world.kill(process)
    })
    await world.run()
    const settledAtKill = settledCount
    void process.env.fileSystem.remove('/f').then(() => settledCount++)
    await world.run()
    expect(settledCount).toBe(settledAtKill)
    const sizeBytes = machine.disk.tree.stat('/f')?.sizeBytes ?? 0
    // Plain death loses nothing that was done; the last call may be done and not reported.
    seenSizes.add(sizeBytes - 10 * settledCount)
  }
  expect([...seenSizes].sort()).toEqual([0, 10])
})
