import { expect, test } from 'vitest'
import type {
  CheckpointMetadata,
  OperatorCheckpoint,
} from '../../state/checkpoint/checkpoint-metadata.ts'
import { MissingUids } from './missing-uids.ts'

function metadata(...operators: readonly Partial<OperatorCheckpoint>[]): CheckpointMetadata {
  return {
    checkpointId: 1,
    jobId: 'id',
    jobName: 'shop',
    purpose: 'checkpoint',
    triggeredMs: 0,
    completedMs: 1,
    operators: operators.map((operator) => ({
      operatorId: operator.name ?? '',
      uid: undefined,
      name: 'operator',
      parallelism: 1,
      maxParallelism: 128,
      stateful: true,
      subtasks: [],
      coordinator: undefined,
      finished: false,
      ...operator,
    })),
  }
}

test('names operators with state and without uid, each once', () => {
  const missing = new MissingUids()
  const first = metadata(
    { name: 'Sum' },
    { name: 'In', uid: 'in' },
    { name: 'Map', stateful: false },
  )
  expect(missing.warningOf(first)).toMatch(/^job 'shop' .*without uid: 'Sum'\. .*uid\('\.\.\.'\)/)
  expect(missing.warningOf(first)).toBeUndefined()
  const later = metadata({ name: 'Sum' }, { name: 'Map' }, { name: 'Max' })
  expect(missing.warningOf(later)).toContain("without uid: 'Map', 'Max'.")
})
