import { expect } from 'vitest'
import type {
  CheckpointMetadata,
  StateHandle,
} from '../../src/state/checkpoint/checkpoint-metadata.ts'
import type { CheckpointStorage } from '../../src/state/checkpoint/checkpoint-storage.ts'
import type { StateSection } from '../../src/state/state-section.ts'

const OPERATORS: readonly string[] = ['source', 'count/größe']

/** The state of one subtask in a checkpoint: different for each, some of it empty. */
export function sectionsOf(
  checkpointId: number,
  operatorId: string,
  subtask: number,
): readonly StateSection[] {
  const text = `${checkpointId} ${operatorId} ${subtask}`
  const bytes = Uint8Array.from(text, (unit) => unit.charCodeAt(0) & 0xff)
  return [
    { kind: 'keyed', name: '', keyGroup: subtask * 2, pieces: [bytes] },
    { kind: 'keyed', name: '', keyGroup: subtask * 2 + 1, pieces: [bytes.slice().reverse()] },
    { kind: 'operator', name: 'übrig "\n\uD800', keyGroup: -1, pieces: [bytes.slice(3)] },
    { kind: 'operator', name: 'empty', keyGroup: -1, pieces: [new Uint8Array(0)] },
  ]
}

/** Writes and completes a checkpoint of two operators with two subtasks each. */
export async function takeCheckpoint(
  storage: CheckpointStorage,
  checkpointId: number,
): Promise<{ readonly path: string; readonly metadata: CheckpointMetadata }> {
  const operators = []
  for (const operatorId of OPERATORS) {
    const subtasks: StateHandle[] = []
    for (let subtask = 0; subtask < 2; subtask++) {
      const sections = sectionsOf(checkpointId, operatorId, subtask)
      subtasks.push(await storage.writeSubtaskState(checkpointId, operatorId, subtask, sections))
    }
    operators.push({
      operatorId,
      uid: operatorId === 'source' ? 'the-source' : undefined,
      name: `operator ${operatorId}`,
      parallelism: 3,
      maxParallelism: 128,
      stateful: true,
      subtasks: [...subtasks, undefined],
      coordinator: operatorId === 'source' ? Uint8Array.of(0, 255, checkpointId & 0xff) : undefined,
      finished: false,
    })
  }
  const metadata: CheckpointMetadata = {
    checkpointId,
    jobId: 'job-1',
    jobName: 'Wörter zählen',
    purpose: 'checkpoint',
    triggeredMs: 1_000 * checkpointId,
    completedMs: 1_000 * checkpointId + 7,
    operators,
  }
  return { path: await storage.complete(checkpointId, metadata), metadata }
}

/** Reads everything of a checkpoint and expects it to be what was written. */
export async function expectRestores(
  storage: CheckpointStorage,
  path: string,
  checkpointId: number,
): Promise<void> {
  const metadata = await storage.read(path)
  expect(metadata.checkpointId).toBe(checkpointId)
  expect(metadata.operators.map(({ operatorId }) => operatorId)).toEqual(OPERATORS)
  expect(metadata.operators[0]?.coordinator).toEqual(Uint8Array.of(0, 255, checkpointId & 0xff))
  for (const { operatorId, subtasks } of metadata.operators) {
    expect(subtasks.map((handle) => handle !== undefined)).toEqual([true, true, false])
    for (const [subtask, handle] of subtasks.entries()) {
      if (handle === undefined) continue
      const sections = await storage.readSections(handle, () => true)
      expect(sections).toEqual(sectionsOf(checkpointId, operatorId, subtask))
    }
  }
}
