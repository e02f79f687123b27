import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { murmurString } from '../../base/murmur.ts'
import { ConfigOptions } from '../../core/config/options.ts'
import type { Env } from '../../env/env.ts'
import type { JobConfiguration } from '../../plan/job-configuration.ts'
import type { JobGraph } from '../../plan/job-graph.ts'
import type { CheckpointMetadata } from '../../state/checkpoint/checkpoint-metadata.ts'
import type { CheckpointStorage } from '../../state/checkpoint/checkpoint-storage.ts'
import { FileCheckpointStorage } from '../../state/checkpoint/file-checkpoint-storage.ts'
import { latestCheckpoint } from '../../state/checkpoint/latest-checkpoint.ts'
import { MemoryCheckpointStorage } from '../../state/checkpoint/memory-checkpoint-storage.ts'

/** Where a job keeps its checkpoints, and the one it starts from. */
export interface RecoveryPoint {
  /** The id of the job if it had one before or was given one. */
  readonly jobId: string | undefined
  readonly storage: CheckpointStorage
  readonly restoreFrom: CheckpointMetadata | undefined
  readonly nextCheckpointId: number
}

/** The value of the recovery option that asks for the newest checkpoint of the job. */
const LATEST = 'latest'

/**
 * Opens the checkpoint storage of a job and finds the checkpoint it is told to start from. With
 * `latest`, a job without any checkpoint starts afresh, so that the same command serves the first
 * start and every restart.
 * @throws CHECKPOINT_NOT_FOUND if a path holds no complete checkpoint
 * @throws CORRUPT_CHECKPOINT if it cannot be read, and no older one may be taken
 */
export async function openRecoveryPoint(
  env: Env,
  graph: JobGraph,
  { configuration, jobId }: JobConfiguration,
  warn: (message: string) => void,
): Promise<RecoveryPoint> {
  const root = configuration.get(ConfigOptions.checkpointDirectory)
  const path = configuration.get(ConfigOptions.savepointPath)
  const storage =
    root === undefined
      ? new MemoryCheckpointStorage()
      : new FileCheckpointStorage({
          fileSystem: env.fileSystem,
          root,
          directory: graph.jobName,
          faultPoint: (name) => env.faultPoint(name),
        })
  if (path === LATEST && root === undefined) {
    throw new EngineError(
      ErrorCode.INVALID_CONFIG,
      `'${ConfigOptions.savepointPath.key}' is 'latest', but '${ConfigOptions.checkpointDirectory.key}' ` +
        'is not set: name the folder that holds the checkpoints',
    )
  }
  const restoreFrom =
    path === undefined
      ? undefined
      : path === LATEST
        ? await latest(storage, configuration.get(ConfigOptions.recoveryFallback), warn)
        : await readAt(storage, path)
  const highest = await storage.highestId()
  if (path === undefined && highest > 0) warnOfOlderRun(storage, graph.jobName, warn)
  await storage.discardIncomplete([])
  const folderId =
    path === LATEST && storage instanceof FileCheckpointStorage
      ? jobIdOfFolder(storage.directory)
      : undefined
  return {
    jobId: restoreFrom?.jobId ?? jobId ?? folderId,
    storage,
    restoreFrom,
    nextCheckpointId: Math.max(highest, restoreFrom?.checkpointId ?? 0) + 1,
  }
}

/**
 * The id of the job that goes on from the latest checkpoint in a folder. It must be the same in
 * every start, also before the first checkpoint: by it a sink knows what a former start has left
 * behind.
 */
function jobIdOfFolder(directory: string): string {
  return [1, 2, 3, 4]
    .map((seed) => (murmurString(directory, seed) >>> 0).toString(16).padStart(8, '0'))
    .join('')
}

/** A fresh start beside an earlier run's checkpoints is legal, and a common mistake. */
function warnOfOlderRun(
  storage: CheckpointStorage,
  jobName: string,
  warn: (message: string) => void,
): void {
  const where = storage instanceof FileCheckpointStorage ? ` in ${storage.directory}` : ''
  warn(
    `job '${jobName}' starts afresh, but there are checkpoints of an earlier run${where}; its own ` +
      `will replace them. To go on from them, set '${ConfigOptions.savepointPath.key}' to 'latest'`,
  )
}

async function latest(
  storage: CheckpointStorage,
  fallback: boolean,
  warn: (message: string) => void,
): Promise<CheckpointMetadata | undefined> {
  const found = await storage.findLatest({ fallback })
  for (const refused of found?.refused ?? []) {
    warn(`checkpoint ${refused.path} was refused, an older one is used: ${refused.reason}`)
  }
  return found?.metadata
}

async function readAt(storage: CheckpointStorage, path: string): Promise<CheckpointMetadata> {
  if (storage instanceof FileCheckpointStorage) {
    const { checkpointId } = await storage.read(path)
    // Every byte is looked at before the job starts: later, a task would fail again and again.
    const found = await latestCheckpoint(storage, [{ checkpointId, path }], { fallback: false })
    if (found !== undefined) return found.metadata
  }
  throw new EngineError(
    ErrorCode.INVALID_CONFIG,
    `to start from ${path}, set '${ConfigOptions.checkpointDirectory.key}' as well: the job that goes ` +
      'on from a durable checkpoint must take durable ones',
  )
}
