import type { StateSection } from '../state-section.ts'
import type { CheckpointMetadata, StateHandle } from './checkpoint-metadata.ts'

/** A complete checkpoint that can be read. */
export interface CheckpointLocation {
  readonly checkpointId: number
  /** What {@link CheckpointStorage.read} takes. */
  readonly path: string
  readonly metadata: CheckpointMetadata
}

/** A checkpoint that has metadata but cannot be used. */
export interface RefusedCheckpoint {
  readonly checkpointId: number
  readonly path: string
  /** What is wrong with it. */
  readonly reason: string
}

/** What is in a checkpoint storage; incomplete checkpoints do not exist. */
export interface CheckpointListing {
  /** Newest first. */
  readonly complete: readonly CheckpointLocation[]
  readonly refused: readonly RefusedCheckpoint[]
}

/** The newest checkpoint to start from, and those newer ones that could not be used. */
export interface LatestCheckpoint extends CheckpointLocation {
  readonly refused: readonly RefusedCheckpoint[]
}

/** How {@link CheckpointStorage.findLatest} searches. */
export interface FindLatestOptions {
  /** True: if the newest is corrupt an older one will do; the result names what was refused. */
  readonly fallback: boolean
}

/** What tasks need of a {@link CheckpointStorage}: to write their state, and to read it back. */
export type TaskStorage = Pick<CheckpointStorage, 'writeSubtaskState' | 'readSections' | 'discard'>

/**
 * Where the checkpoints of one job are made durable. Tasks write their state, then the coordinator
 * completes the checkpoint by its metadata; before that the checkpoint does not exist.
 */
export interface CheckpointStorage {
  /**
   * Makes the state of one operator in one subtask durable.
   * @throws FILE_SYSTEM if the state cannot be written; decline the checkpoint.
   * @throws INVALID_ARGUMENT if the checkpoint is complete already; use a higher id.
   */
  writeSubtaskState(
    checkpointId: number,
    operatorId: string,
    subtaskIndex: number,
    sections: readonly StateSection[],
  ): Promise<StateHandle>
  /**
   * Makes a checkpoint whose states are all written exist, durably.
   * @returns where it is, see {@link CheckpointStorage.read}
   * @throws FILE_SYSTEM if the metadata cannot be written; the checkpoint does not exist then.
   * @throws INVALID_ARGUMENT if the checkpoint is complete already; use a higher id.
   */
  complete(checkpointId: number, metadata: CheckpointMetadata): Promise<string>
  /**
   * Reads the metadata of a checkpoint, wherever it is.
   * @throws CHECKPOINT_NOT_FOUND if there is no complete checkpoint at that path.
   * @throws CORRUPT_CHECKPOINT if its metadata is damaged or of an unknown version.
   */
  read(path: string): Promise<CheckpointMetadata>
  /**
   * Reads those sections of a state file that `filter` wants.
   * @throws CORRUPT_CHECKPOINT if the file is missing, damaged or not the one of the handle.
   */
  readSections(
    handle: StateHandle,
    filter: (section: Omit<StateSection, 'pieces'>) => boolean,
  ): Promise<StateSection[]>
  /** All complete checkpoints. */
  list(): Promise<CheckpointListing>
  /**
   * The newest complete checkpoint, every byte of it verified; undefined if there is none at all.
   * @throws CORRUPT_CHECKPOINT if it is damaged and `fallback` is false, or if all are damaged.
   */
  findLatest(options: FindLatestOptions): Promise<LatestCheckpoint | undefined>
  /** Removes a checkpoint, complete or not. It stops existing before its files go. */
  discard(checkpointId: number): Promise<void>
  /** Removes what aborted checkpoints left, except those in progress. */
  discardIncomplete(exceptIds: readonly number[]): Promise<void>
  /**
   * Keeps the newest `count` complete checkpoints; removes older ones, and what aborted checkpoints
   * before the newest complete one left.
   */
  retain(count: number): Promise<void>
  /** The highest checkpoint id there is a trace of, 0 if none: new ids must be above it. */
  highestId(): Promise<number>
}
