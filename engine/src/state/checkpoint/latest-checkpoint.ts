import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { CheckpointMetadata } from './checkpoint-metadata.ts'
import type {
  CheckpointStorage,
  FindLatestOptions,
  LatestCheckpoint,
  RefusedCheckpoint,
} from './checkpoint-storage.ts'
import { corruptCheckpoint } from './corrupt-checkpoint.ts'

/** A checkpoint that has metadata. */
export interface CheckpointCandidate {
  readonly checkpointId: number
  readonly path: string
}

type Reader = Pick<CheckpointStorage, 'read' | 'readSections'>

/**
 * Goes through candidates from the newest on to the first that is sound in every byte.
 * @throws CORRUPT_CHECKPOINT as `CheckpointStorage.findLatest`.
 */
export async function latestCheckpoint(
  storage: Reader,
  candidates: readonly CheckpointCandidate[],
  { fallback }: FindLatestOptions,
): Promise<LatestCheckpoint | undefined> {
  const refused: RefusedCheckpoint[] = []
  for (const candidate of candidates) {
    try {
      const metadata = await storage.read(candidate.path)
      await verifyState(storage, metadata)
      return { ...candidate, metadata, refused }
    } catch (error) {
      // A device that fails for the moment is no reason to go back to older state.
      if (!isCorrupt(error) || !fallback) throw error
      refused.push({ ...candidate, reason: error.message })
    }
  }
  const newest = refused[0]
  if (newest === undefined) return undefined
  throw corruptCheckpoint(
    newest.path,
    `neither it nor an older one is sound: ${refused.map(({ reason }) => reason).join('; ')}`,
  )
}

/** True for the error of a checkpoint that cannot be used. */
export function isCorrupt(error: unknown): error is EngineError {
  return error instanceof EngineError && error.code === ErrorCode.CORRUPT_CHECKPOINT
}

async function verifyState(storage: Reader, metadata: CheckpointMetadata): Promise<void> {
  for (const { subtasks } of metadata.operators) {
    for (const handle of subtasks) {
      if (handle !== undefined) await storage.readSections(handle, () => true)
    }
  }
}
