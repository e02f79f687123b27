import { expect, test } from 'vitest'
import { ErrorCode } from '../../src/base/engine-error.ts'
import { fileSystemError } from '../../src/env/file-system-error.ts'
import { webEnv } from '../../src/env/web/web-env.ts'
import type { StateHandle } from '../../src/state/checkpoint/checkpoint-metadata.ts'
import { FileCheckpointStorage } from '../../src/state/checkpoint/file-checkpoint-storage.ts'
import type { StateSection } from '../../src/state/state-section.ts'
import { SimWorld } from '../../src/testing/sim/sim-world.ts'
import { expectRestores, sectionsOf, takeCheckpoint } from './checkpoint-fixture.ts'
import { type Step, SteppedFileSystem } from './stepped-file-system.ts'

interface CrashOutcome {
  /** Calls that were made; fewer than the step at which to crash if it never came. */
  readonly callCount: number
  readonly found: number | undefined
}

/**
 * Takes checkpoints 1 and 2, keeps only the newest, and loses power before the given file call.
 * Then restores on what is left of the disk.
 */
async function crashAt(step: number, seed: number): Promise<CrashOutcome> {
  const world = new SimWorld({ seed })
  const machine = world.createMachine('m')
  const writer = world.createProcess('writer', machine)
  const completed: number[] = []
  let isOver = false
  const crash: Step = (number, call) => {
    if (number !== step) return call()
    isOver = true
    return new Promise(() => {})
  }
  const fileSystem = new SteppedFileSystem(writer.env.fileSystem, crash)
  const { faultPoint } = writer.env
  world.start(writer, async () => {
    const storage = new FileCheckpointStorage({
      fileSystem,
      root: '/c',
      directory: 'j',
      faultPoint,
    })
    for (const checkpointId of [1, 2]) {
      await takeCheckpoint(storage, checkpointId)
      completed.push(checkpointId)
      await storage.retain(1)
    }
    isOver = true
  })
  expect((await world.run({ until: () => isOver })).kind).toBe('done')
  world.powerFail(machine)
  let found: number | undefined
  let isRestored = false
  const reader = world.createProcess('reader', machine)
  world.start(reader, async () => {
    const { env } = reader
    const options = { fileSystem: env.fileSystem, root: '/c', directory: 'j' }
    const storage = new FileCheckpointStorage({ ...options, faultPoint: env.faultPoint })
    const latest = await storage.findLatest({ fallback: false })
    found = latest?.checkpointId
    if (latest !== undefined) await expectRestores(storage, latest.path, latest.checkpointId)
    expect(found ?? 0).toBeGreaterThanOrEqual(completed[completed.length - 1] ?? 0)
    await storage.discardIncomplete([])
    const next = (await storage.highestId()) + 1
    await expectRestores(storage, (await takeCheckpoint(storage, next)).path, next)
    isRestored = true
  })
  expect((await world.run({ until: () => isRestored })).kind).toBe('done')
  return { callCount: fileSystem.callCount, found }
}

test('after a loss of power at any call, a checkpoint restores exactly or does not exist', async () => {
  const founds = new Set<number | undefined>()
  let step = 1
  for (; ; step++) {
    let callCount = 0
    for (let seed = 1; seed <= 5; seed++) {
      const outcome = await crashAt(step, seed)
      founds.add(outcome.found)
      callCount = outcome.callCount
    }
    if (callCount < step) break
  }
  expect(step).toBeGreaterThan(60)
  expect(founds).toEqual(new Set([undefined, 1, 2]))
})

const outcomes = {
  'failed and not done': (error: unknown) => Promise.reject(error),
  'failed, yet done': async (error: unknown, call: () => Promise<unknown>) => {
    await call()
    throw error
  },
} as const

for (const [name, fail] of Object.entries(outcomes)) {
  test(`a call that ${name} leaves no half checkpoint and no open file`, async () => {
    for (let step = 1; ; step++) {
      const { fileSystem: inner } = webEnv()
      let isFailing = false
      let callsBefore = 0
      const error = fileSystemError('use', '/c', 'ENOSPC')
      const fileSystem: SteppedFileSystem = new SteppedFileSystem(inner, (number, call) =>
        isFailing && number === callsBefore + step
          ? (fail(error, call) as ReturnType<typeof call>)
          : call(),
      )
      const options = { fileSystem, root: '/c', faultPoint: () => {} }
      await takeCheckpoint(new FileCheckpointStorage(options), 1)
      const storage = new FileCheckpointStorage(options)
      callsBefore = fileSystem.callCount
      isFailing = true
      const failure = await takeCheckpoint(storage, 2).then(
        () => undefined,
        (reason) => reason,
      )
      isFailing = false
      expect(fileSystem.openFileCount).toBe(0)
      if (fileSystem.callCount < callsBefore + step) break
      const latest = await storage.findLatest({ fallback: false })
      await expectRestores(storage, latest?.path ?? '', latest?.checkpointId ?? 0)
      // Some calls only clean up or make doubly sure: their failure is none of the checkpoint.
      if (failure === undefined) expect(latest?.checkpointId).toBe(2)
      else {
        expect(failure).toMatchObject({ code: ErrorCode.FILE_SYSTEM })
        expect(latest?.checkpointId).toBe(1)
      }
      await storage.discard(2)
      await expectRestores(storage, (await takeCheckpoint(storage, 3)).path, 3)
    }
  })
}

test('a crash at each fault point of the metadata write leaves the older or the newer', async () => {
  for (let count = 1; count <= 5; count++) {
    const world = new SimWorld({ seed: count })
    const machine = world.createMachine('m')
    const writer = world.createProcess('writer', machine)
    let isComplete = false
    const open = ({ env }: typeof writer): FileCheckpointStorage =>
      new FileCheckpointStorage({ ...env, root: '/c', faultPoint: (name) => env.faultPoint(name) })
    writer.onFaultPoint = (name, times) =>
      name === 'duringMetadataWrite' && times === 5 + count ? 'crash' : 'continue'
    world.start(writer, async () => {
      await takeCheckpoint(open(writer), 1)
      isComplete = true
      await takeCheckpoint(open(writer), 2)
    })
    await world.run({ until: () => writer.life === 'dead' })
    expect([writer.life, isComplete]).toEqual(['dead', true])
    world.powerFail(machine)
    const reader = world.createProcess('reader', machine)
    let found: number | undefined
    world.start(reader, async () => {
      const storage = open(reader)
      const latest = await storage.findLatest({ fallback: false })
      await expectRestores(storage, latest?.path ?? '', latest?.checkpointId ?? 0)
      found = latest?.checkpointId
    })
    await world.run({ until: () => found !== undefined })
    if (count < 5) expect(found).toBe(1)
    else expect([1, 2]).toContain(found)
  }
})

test('a state handle is given out only when file, name and folder are durable', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const world = new SimWorld({ seed })
    const machine = world.createMachine('m')
    const writer = world.createProcess('writer', machine)
    let handle: StateHandle | undefined
    world.start(writer, async () => {
      const storage = new FileCheckpointStorage({ ...writer.env, root: '/c' })
      handle = await storage.writeSubtaskState(1, 'op', 0, sectionsOf(1, 'op', 0))
    })
    await world.run({ until: () => handle !== undefined })
    world.powerFail(machine)
    const reader = world.createProcess('reader', machine)
    let sections: readonly StateSection[] | undefined
    world.start(reader, async () => {
      const storage = new FileCheckpointStorage({ ...reader.env, root: '/c' })
      if (handle !== undefined) sections = await storage.readSections(handle, () => true)
    })
    await world.run({ until: () => sections !== undefined })
    expect(sections).toEqual(sectionsOf(1, 'op', 0))
  }
})

test('a folder that a dead process left unsynced is durable with the checkpoint in it', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const world = new SimWorld({ seed })
    const machine = world.createMachine('m')
    const writer = world.createProcess('writer', machine)
    let isComplete = false
    world.start(writer, async () => {
      const { fileSystem } = writer.env
      const storage = new FileCheckpointStorage({ ...writer.env, root: '/c' })
      await takeCheckpoint(storage, 1)
      await fileSystem.makeDirectory('/c/chk-2')
      await takeCheckpoint(storage, 2)
      isComplete = true
    })
    await world.run({ until: () => isComplete })
    world.powerFail(machine)
    const reader = world.createProcess('reader', machine)
    let found: number | undefined
    world.start(reader, async () => {
      const storage = new FileCheckpointStorage({ ...reader.env, root: '/c' })
      found = (await storage.findLatest({ fallback: false }))?.checkpointId ?? 0
    })
    await world.run({ until: () => found !== undefined })
    expect(found).toBe(2)
  }
})
