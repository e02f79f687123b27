import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../src/base/engine-error.ts'
import type { CheckpointStorage } from '../../src/state/checkpoint/checkpoint-storage.ts'
import { expectRestores, sectionsOf, takeCheckpoint } from './checkpoint-fixture.ts'

/** Runs `main` on a fresh, empty storage. */
export type WithStorage = (main: (storage: CheckpointStorage) => Promise<void>) => Promise<void>

type On = (title: string, main: (storage: CheckpointStorage) => Promise<void>) => void

/** What every checkpoint storage does while nothing fails. */
export function checkpointStorageContract(name: string, withStorage: WithStorage): void {
  const on: On = (title, main) => {
    test(title, () => withStorage(main))
  }
  describe(`CheckpointStorage contract: ${name}`, () => {
    on('gives back what was written', async (storage) => {
      const { path, metadata } = await takeCheckpoint(storage, 3)
      expect(await storage.read(path)).toEqual(metadata)
      await expectRestores(storage, path, 3)
      const handle = metadata.operators[0]?.subtasks[1]
      if (handle === undefined) throw new Error('no handle')
      const wanted = await storage.readSections(JSON.parse(JSON.stringify(handle)), (section) => {
        return section.keyGroup === 3 || section.name === 'empty'
      })
      const all = sectionsOf(3, 'source', 1)
      expect(wanted).toEqual([all[1], all[3]])
    })

    on('knows no checkpoint before it is complete', async (storage) => {
      expect(await storage.findLatest({ fallback: false })).toBeUndefined()
      expect(await storage.highestId()).toBe(0)
      await storage.writeSubtaskState(4, 'op', 0, sectionsOf(4, 'op', 0))
      expect(await storage.list()).toEqual({ complete: [], refused: [] })
      expect(await storage.findLatest({ fallback: false })).toBeUndefined()
      expect(await storage.highestId()).toBe(4)
    })

    on('finds the newest by number, not by name', async (storage) => {
      for (const checkpointId of [9, 10, 2]) await takeCheckpoint(storage, checkpointId)
      expect(await completeIds(storage)).toEqual([10, 9, 2])
      const latest = await storage.findLatest({ fallback: false })
      expect([latest?.checkpointId, latest?.refused]).toEqual([10, []])
      await expectRestores(storage, latest?.path ?? '', 10)
    })
    removalCases(on)
  })
}

function removalCases(on: On): void {
  on('never writes to a complete checkpoint again', async (storage) => {
    const { path, metadata } = await takeCheckpoint(storage, 1)
    const refused = { code: ErrorCode.INVALID_ARGUMENT }
    await expect(storage.writeSubtaskState(1, 'source', 0, [])).rejects.toMatchObject(refused)
    await expect(storage.complete(1, metadata)).rejects.toMatchObject(refused)
    await expectRestores(storage, path, 1)
  })

  on('retains the newest ones', async (storage) => {
    for (const checkpointId of [1, 2, 3, 4, 5]) {
      await storage.writeSubtaskState(checkpointId * 10 + 1, 'op', 0, [])
      await takeCheckpoint(storage, checkpointId * 10)
      await storage.retain(3)
    }
    expect(await completeIds(storage)).toEqual([50, 40, 30])
    for (const { path, checkpointId } of (await storage.list()).complete) {
      await expectRestores(storage, path, checkpointId)
    }
    expect(await storage.highestId()).toBe(51)
  })

  on('discards', async (storage) => {
    const { path } = await takeCheckpoint(storage, 1)
    await takeCheckpoint(storage, 2)
    for (const checkpointId of [3, 4]) await storage.writeSubtaskState(checkpointId, 'op', 0, [])
    await storage.discard(1)
    await storage.discard(1)
    const missing = { code: ErrorCode.CHECKPOINT_NOT_FOUND }
    await expect(storage.read(path)).rejects.toMatchObject(missing)
    await storage.discardIncomplete([3])
    expect(await storage.highestId()).toBe(3)
    await storage.discardIncomplete([])
    expect(await storage.highestId()).toBe(2)
    expect(await completeIds(storage)).toEqual([2])
  })
}

async function completeIds(storage: CheckpointStorage): Promise<number[]> {
  return (await storage.list()).complete.map(({ checkpointId }) => checkpointId)
}
