import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { FileSystem } from '../../env/file-system.ts'
import type { StateSection } from '../state-section.ts'
import type { CheckpointMetadata, StateHandle, StateSectionEntry } from './checkpoint-metadata.ts'
import {
  checkpointDirectoryName,
  checkpointIdOf,
  METADATA_NAME,
  METADATA_TEMPORARY_NAME,
  parentOf,
  safeName,
  stateFileName,
  withoutEndingSlash,
} from './checkpoint-paths.ts'
import type {
  CheckpointListing,
  CheckpointLocation,
  CheckpointStorage,
  FindLatestOptions,
  LatestCheckpoint,
  RefusedCheckpoint,
} from './checkpoint-storage.ts'
import { makeDurableDirectory } from './durable-directory.ts'
import { type CheckpointCandidate, isCorrupt, latestCheckpoint } from './latest-checkpoint.ts'
import { decodeMetadata, encodeMetadata } from './metadata-format.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

/** What a file checkpoint storage is made of. */
export interface FileCheckpointStorageOptions {
  readonly fileSystem: FileSystem
  /** The folder given by the user; made when it is missing. */
  readonly root: string
  /** The job's folder inside the root, usually its job id. Without it the root itself. */
  readonly directory?: string | undefined
  /** `env.faultPoint`; called as `duringMetadataWrite` between the steps of that write. */
  readonly faultPoint: (name: string) => void
}

/**
 * Checkpoints in folders `chk-<id>`: a file per operator and subtask, and a metadata file that is
 * written last. It gets its name by one rename, after all it names is durable.
 */
export class FileCheckpointStorage implements CheckpointStorage {
  /** The folder that holds the job's checkpoints. */
  readonly directory: string
  readonly #fileSystem: FileSystem
  readonly #faultPoint: (name: string) => void
  #prepared: Promise<void> | undefined

  constructor(options: FileCheckpointStorageOptions) {
    const root = withoutEndingSlash(options.root)
    const { directory } = options
    this.directory = directory === undefined ? root : `${root}/${safeName(directory)}`
    this.#fileSystem = options.fileSystem
    this.#faultPoint = options.faultPoint
  }

  async writeSubtaskState(
    checkpointId: number,
    operatorId: string,
    subtaskIndex: number,
    sections: readonly StateSection[],
  ): Promise<StateHandle> {
    const directory = await this.#open(checkpointId)
    const path = `${directory}/${stateFileName(operatorId, subtaskIndex)}`
    try {
      const handle = await writeStateFile(this.#fileSystem, path, sections)
      await this.#fileSystem.syncDirectory(directory)
      return handle
    } catch (error) {
      // Most of all when the disk is full: what is useless should not take its space.
      await this.#fileSystem.remove(path).catch(ignore)
      throw error
    }
  }

  async complete(checkpointId: number, metadata: CheckpointMetadata): Promise<string> {
    const directory = await this.#open(checkpointId)
    const bytes = encodeMetadata(metadata, directory)
    try {
      await this.#writeMetadata(directory, bytes)
    } catch (error) {
      await this.#undoMetadata(directory)
      throw error
    }
    return directory
  }

  async read(path: string): Promise<CheckpointMetadata> {
    const given = withoutEndingSlash(path)
    const directory = given.endsWith(`/${METADATA_NAME}`) ? parentOf(given) : given
    const file = `${directory}/${METADATA_NAME}`
    const status = await this.#fileSystem.stat(file)
    if (status === undefined) {
      throw new EngineError(
        ErrorCode.CHECKPOINT_NOT_FOUND,
        `there is no complete checkpoint at ${directory}: it has no file ${METADATA_NAME}; name ` +
          'the folder chk-<number> of a complete checkpoint',
      )
    }
    const reader = await this.#fileSystem.openRead(file)
    try {
      return decodeMetadata(await reader.read(0, status.sizeBytes), directory)
    } finally {
      await reader.close()
    }
  }

  readSections(
    handle: StateHandle,
    filter: (section: StateSectionEntry) => boolean,
  ): Promise<StateSection[]> {
    return readStateFile(this.#fileSystem, handle, filter)
  }

  async list(): Promise<CheckpointListing> {
    const complete: CheckpointLocation[] = []
    const refused: RefusedCheckpoint[] = []
    for (const candidate of (await this.#scan()).complete) {
      try {
        complete.push({ ...candidate, metadata: await this.read(candidate.path) })
      } catch (error) {
        if (!isCorrupt(error)) throw error
        refused.push({ ...candidate, reason: error.message })
      }
    }
    return { complete, refused }
  }

  async findLatest(options: FindLatestOptions): Promise<LatestCheckpoint | undefined> {
    const latest = await latestCheckpoint(this, (await this.#scan()).complete, options)
    if (latest !== undefined) {
      // Who completed it may have died between the rename and the sync. Whoever goes on
      // from it commits what it holds, so from now on no loss of power may take it away.
      await this.#fileSystem.syncDirectory(latest.path)
      await this.#fileSystem.syncDirectory(this.directory)
    }
    return latest
  }

  async discard(checkpointId: number): Promise<void> {
    const directory = this.#pathOf(checkpointId)
    const fileSystem = this.#fileSystem
    if ((await fileSystem.stat(directory)) === undefined) return
    const metadata = `${directory}/${METADATA_NAME}`
    if ((await fileSystem.stat(metadata)) !== undefined) {
      // First it stops being complete, for good; a crash later leaves files, but no checkpoint.
      await fileSystem.remove(metadata)
      await fileSystem.syncDirectory(directory)
    }
    await fileSystem.remove(directory)
    await fileSystem.syncDirectory(this.directory)
  }

  async discardIncomplete(exceptIds: readonly number[]): Promise<void> {
    for (const { checkpointId } of (await this.#scan()).incomplete) {
      if (!exceptIds.includes(checkpointId)) await this.discard(checkpointId)
    }
  }

  async retain(count: number): Promise<void> {
    const { complete, incomplete } = await this.#scan()
    const newestId = complete[0]?.checkpointId ?? 0
    for (const { checkpointId } of complete.slice(Math.max(1, count)).reverse()) {
      await this.discard(checkpointId)
    }
    for (const { checkpointId } of incomplete) {
      if (checkpointId < newestId) await this.discard(checkpointId)
    }
  }

  async highestId(): Promise<number> {
    const { complete, incomplete } = await this.#scan()
    return Math.max(complete[0]?.checkpointId ?? 0, incomplete[0]?.checkpointId ?? 0)
  }

  #pathOf(checkpointId: number): string {
    return `${this.directory}/${checkpointDirectoryName(checkpointId)}`
  }

  /** The folder of a checkpoint that is being taken, made when it is missing. */
  async #open(checkpointId: number): Promise<string> {
    this.#prepared ??= this.#prepare()
    await this.#prepared.catch((error) => {
      this.#prepared = undefined
      throw error
    })
    const directory = this.#pathOf(checkpointId)
    if ((await this.#fileSystem.stat(`${directory}/${METADATA_NAME}`)) !== undefined) {
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        `checkpoint ${directory} is complete and is never written again; use an id above it`,
      )
    }
    if ((await this.#fileSystem.stat(directory)) === undefined) {
      await this.#fileSystem.makeDirectory(directory)
      await this.#fileSystem.syncDirectory(this.directory)
    }
    return directory
  }

  async #prepare(): Promise<void> {
    await makeDurableDirectory(this.#fileSystem, this.directory)
    // A former process may have made it, or a folder above, and died before the name was durable.
    for (let at = this.directory; parentOf(at) !== at; at = parentOf(at)) {
      await this.#fileSystem.syncDirectory(parentOf(at)).catch(ignore)
    }
  }

  async #writeMetadata(directory: string, bytes: Uint8Array): Promise<void> {
    const fileSystem = this.#fileSystem
    const temporary = `${directory}/${METADATA_TEMPORARY_NAME}`
    // Another process may have made the folder: its name must be durable before the checkpoint is.
    await fileSystem.syncDirectory(this.directory)
    this.#faultPoint(STEP)
    const file = await fileSystem.create(temporary)
    try {
      this.#faultPoint(STEP)
      await file.append(bytes)
      this.#faultPoint(STEP)
      await file.sync()
    } finally {
      await file.close()
    }
    this.#faultPoint(STEP)
    await fileSystem.rename(temporary, `${directory}/${METADATA_NAME}`)
    this.#faultPoint(STEP)
    await fileSystem.syncDirectory(directory)
  }

  /** Nothing may count as complete after a failure, not even if only the last sync failed. */
  async #undoMetadata(directory: string): Promise<void> {
    const fileSystem = this.#fileSystem
    await fileSystem.remove(`${directory}/${METADATA_NAME}`).catch(ignore)
    await fileSystem.remove(`${directory}/${METADATA_TEMPORARY_NAME}`).catch(ignore)
    await fileSystem.syncDirectory(directory).catch(ignore)
  }

  /** The checkpoint folders, newest first. */
  async #scan(): Promise<{
    readonly complete: readonly CheckpointCandidate[]
    readonly incomplete: readonly CheckpointCandidate[]
  }> {
    const complete: CheckpointCandidate[] = []
    const incomplete: CheckpointCandidate[] = []
    if ((await this.#fileSystem.stat(this.directory)) === undefined) return { complete, incomplete }
    for (const { name, kind } of await this.#fileSystem.list(this.directory)) {
      const checkpointId = checkpointIdOf(name)
      if (checkpointId === undefined || kind !== 'directory') continue
      const path = this.#pathOf(checkpointId)
      const metadata = await this.#fileSystem.stat(`${path}/${METADATA_NAME}`)
      const target = metadata === undefined ? incomplete : complete
      target.push({ checkpointId, path })
    }
    complete.sort(newestFirst)
    incomplete.sort(newestFirst)
    return { complete, incomplete }
  }
}

const STEP = 'duringMetadataWrite'

function newestFirst(left: CheckpointCandidate, right: CheckpointCandidate): number {
  return right.checkpointId - left.checkpointId
}

function ignore(): void {}
