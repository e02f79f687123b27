import { beforeEach, expect, test } from 'vitest'
import { ErrorCode } from '../../src/base/engine-error.ts'
import type { FileSystem } from '../../src/env/file-system.ts'
import { MemoryFileSystem } from '../../src/env/web/memory-file-system.ts'
import { webEnv } from '../../src/env/web/web-env.ts'
import { findCheckpointFolder } from '../../src/state/checkpoint/checkpoint-folder.ts'
import { FileCheckpointStorage } from '../../src/state/checkpoint/file-checkpoint-storage.ts'
import { expectRestores, takeCheckpoint } from './checkpoint-fixture.ts'

let fileSystem: FileSystem
let storage: FileCheckpointStorage

beforeEach(async () => {
  fileSystem = webEnv().fileSystem
  storage = new FileCheckpointStorage({ fileSystem, root: '/c', faultPoint: () => {} })
  await takeCheckpoint(storage, 1)
  await takeCheckpoint(storage, 2)
})

test('any changed byte, cut or addition is found, and an older one used only if told so', async () => {
  const refused = { code: ErrorCode.CORRUPT_CHECKPOINT, message: expect.stringContaining('chk-2') }
  for (const { path, sizeBytes } of await fileSystem.list('/c/chk-2')) {
    const sound = await readFile(path)
    expect(sound.length).toBe(sizeBytes)
    for (let at = 0; at <= sizeBytes; at++) {
      const damaged = sound.slice()
      if (at < sizeBytes) damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8))
      await writeFile(path, at < sizeBytes ? damaged : Uint8Array.of(...sound, 10))
      await expect(storage.findLatest({ fallback: false })).rejects.toMatchObject(refused)
      if (at % 7 > 0) continue
      await writeFile(path, sound.slice(0, at === sizeBytes ? at - 1 : at))
      await expect(storage.findLatest({ fallback: false })).rejects.toMatchObject(refused)
    }
    const latest = await storage.findLatest({ fallback: true })
    expect(latest?.checkpointId).toBe(1)
    expect(latest?.refused).toEqual([
      { checkpointId: 2, path: '/c/chk-2', reason: expect.stringContaining('chk-2') },
    ])
    await writeFile(path, sound)
  }
  expect((await storage.findLatest({ fallback: false }))?.checkpointId).toBe(2)
})

test('a missing state file is found; if nothing is sound the search does not come back empty', async () => {
  await fileSystem.remove('/c/chk-2/source-1.state')
  expect((await storage.findLatest({ fallback: true }))?.checkpointId).toBe(1)
  await writeFile('/c/chk-1/metadata', new Uint8Array(0))
  const refused = { code: ErrorCode.CORRUPT_CHECKPOINT }
  await expect(storage.findLatest({ fallback: true })).rejects.toMatchObject(refused)
  const { complete, refused: unreadable } = await storage.list()
  expect(complete.map(({ checkpointId }) => checkpointId)).toEqual([2])
  expect(unreadable.map(({ checkpointId }) => checkpointId)).toEqual([1])
})

test('metadata of another format version is refused by its number', async () => {
  const text = String.fromCharCode(...(await readFile('/c/chk-2/metadata')))
  const newer = text.replace('version=1', 'version=2')
  await writeFile(
    '/c/chk-2/metadata',
    Uint8Array.from(newer, (unit) => unit.charCodeAt(0)),
  )
  await expect(storage.read('/c/chk-2')).rejects.toMatchObject({
    code: ErrorCode.CORRUPT_CHECKPOINT,
    message: expect.stringContaining('version 2'),
  })
})

test('a folder that was moved restores, and can be named by its metadata file', async () => {
  await fileSystem.makeDirectory('/elsewhere')
  await fileSystem.rename('/c/chk-2', '/elsewhere/kept')
  await expectRestores(storage, '/elsewhere/kept/', 2)
  await expectRestores(storage, '/elsewhere/kept/metadata', 2)
})

test('the newest of several job folders is found', async () => {
  expect(await findCheckpointFolder(fileSystem, '/nowhere')).toBeUndefined()
  expect(await findCheckpointFolder(fileSystem, '/c/')).toBe('/c')
  let nowMs = 0
  const other = new MemoryFileSystem(() => nowMs)
  for (const [directory, checkpointId] of [
    ['a', 5],
    ['b', 3],
  ] as const) {
    const jobs = { fileSystem: other, root: '/jobs', directory, faultPoint: () => {} }
    await takeCheckpoint(new FileCheckpointStorage(jobs), checkpointId)
    nowMs++
  }
  expect(await findCheckpointFolder(other, '/jobs')).toBe('/jobs/b')
})

async function readFile(path: string): Promise<Uint8Array> {
  const file = await fileSystem.openRead(path)
  const bytes = await file.read(0, 1_000_000)
  await file.close()
  return bytes
}

async function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  const file = await fileSystem.create(path)
  await file.append(bytes)
  await file.close()
}
