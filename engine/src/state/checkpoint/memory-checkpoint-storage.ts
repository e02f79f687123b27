import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { lengthOf } from '../../base/join-bytes.ts'
import type { StateSection } from '../state-section.ts'
import type { CheckpointMetadata, StateHandle, StateSectionEntry } from './checkpoint-metadata.ts'
import { checkpointDirectoryName, stateFileName } from './checkpoint-paths.ts'
import type {
  CheckpointListing,
  CheckpointLocation,
  CheckpointStorage,
  FindLatestOptions,
  LatestCheckpoint,
} from './checkpoint-storage.ts'
import { corruptCheckpoint } from './corrupt-checkpoint.ts'
import { latestCheckpoint } from './latest-checkpoint.ts'

interface StoredCheckpoint {
  readonly files: Map<string, readonly StateSection[]>
  metadata: CheckpointMetadata | undefined
}

/** Checkpoints in memory, for jobs without a checkpoint folder: they end with the process. */
export class MemoryCheckpointStorage implements CheckpointStorage {
  readonly #checkpoints = new Map<number, StoredCheckpoint>()

  async writeSubtaskState(
    checkpointId: number,
    operatorId: string,
    subtaskIndex: number,
    sections: readonly StateSection[],
  ): Promise<StateHandle> {
    const path = `${pathOf(checkpointId)}/${stateFileName(operatorId, subtaskIndex)}`
    this.#open(checkpointId).files.set(path, sections)
    let sizeBytes = 0
    const entries = sections.map(({ kind, name, keyGroup, pieces }): StateSectionEntry => {
      const offsetBytes = sizeBytes
      const lengthBytes = lengthOf(pieces)
      sizeBytes += lengthBytes
      // Checksums are for bytes that leave memory; these here are handed back as they are.
      return { kind, name, keyGroup, offsetBytes, lengthBytes, crc32: 0 }
    })
    return { path, sizeBytes, sections: entries }
  }

  async complete(checkpointId: number, metadata: CheckpointMetadata): Promise<string> {
    this.#open(checkpointId).metadata = metadata
    return pathOf(checkpointId)
  }

  async read(path: string): Promise<CheckpointMetadata> {
    for (const [checkpointId, { metadata }] of this.#checkpoints) {
      if (pathOf(checkpointId) === path && metadata !== undefined) return metadata
    }
    throw new EngineError(
      ErrorCode.CHECKPOINT_NOT_FOUND,
      `there is no complete checkpoint ${path} in memory; set a checkpoint folder to keep ` +
        'checkpoints beyond the process',
    )
  }

  async readSections(
    handle: StateHandle,
    filter: (section: StateSectionEntry) => boolean,
  ): Promise<StateSection[]> {
    for (const { files } of this.#checkpoints.values()) {
      const sections = files.get(handle.path)
      if (sections === undefined) continue
      return sections.filter((_, index) => {
        const entry = handle.sections[index]
        return entry !== undefined && filter(entry)
      })
    }
    throw corruptCheckpoint(handle.path, 'it is no longer in memory')
  }

  async list(): Promise<CheckpointListing> {
    const complete: CheckpointLocation[] = []
    for (const [checkpointId, { metadata }] of this.#checkpoints) {
      if (metadata !== undefined) {
        complete.push({ checkpointId, path: pathOf(checkpointId), metadata })
      }
    }
    complete.sort((left, right) => right.checkpointId - left.checkpointId)
    return { complete, refused: [] }
  }

  async findLatest(options: FindLatestOptions): Promise<LatestCheckpoint | undefined> {
    return latestCheckpoint(this, (await this.list()).complete, options)
  }

  async discard(checkpointId: number): Promise<void> {
    this.#checkpoints.delete(checkpointId)
  }

  async discardIncomplete(exceptIds: readonly number[]): Promise<void> {
    for (const [checkpointId, { metadata }] of this.#checkpoints) {
      if (metadata === undefined && !exceptIds.includes(checkpointId)) {
        this.#checkpoints.delete(checkpointId)
      }
    }
  }

  async retain(count: number): Promise<void> {
    const { complete } = await this.list()
    const newestId = complete[0]?.checkpointId ?? 0
    for (const { checkpointId } of complete.slice(Math.max(1, count))) {
      this.#checkpoints.delete(checkpointId)
    }
    for (const [checkpointId, { metadata }] of this.#checkpoints) {
      if (metadata === undefined && checkpointId < newestId) this.#checkpoints.delete(checkpointId)
    }
  }

  async highestId(): Promise<number> {
    return Math.max(0, ...this.#checkpoints.keys())
  }

  #open(checkpointId: number): StoredCheckpoint {
    const known = this.#checkpoints.get(checkpointId)
    if (known?.metadata !== undefined) {
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        `checkpoint ${checkpointId} is complete and is never written again; use an id above it`,
      )
    }
    const opened = known ?? { files: new Map(), metadata: undefined }
    this.#checkpoints.set(checkpointId, opened)
    return opened
  }
}

function pathOf(checkpointId: number): string {
  return `memory:${checkpointDirectoryName(checkpointId)}`
}
