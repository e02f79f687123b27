import type { SnapshotPurpose } from '../../core/stream-element.ts'
import type { StateSection } from '../state-section.ts'

/** One section inside a state file. */
export interface StateSectionEntry extends Omit<StateSection, 'pieces'> {
  readonly offsetBytes: number
  readonly lengthBytes: number
  /** CRC-32 of the section's bytes in a file; 0 in memory. */
  readonly crc32: number
}

/** Where the state of one operator in one subtask is. Plain JSON, to travel in messages. */
export interface StateHandle {
  /** The file, as a path the checkpoint storage opens. Relative inside the metadata file only. */
  readonly path: string
  readonly sizeBytes: number
  readonly sections: readonly StateSectionEntry[]
}

/** The part of a checkpoint that belongs to one operator. */
export interface OperatorCheckpoint {
  readonly operatorId: string
  readonly uid: string | undefined
  readonly name: string
  readonly parallelism: number
  readonly maxParallelism: number
  /** True if there is state that a restored job must take. */
  readonly stateful: boolean
  /** By subtask index; undefined for a subtask without state. */
  readonly subtasks: readonly (StateHandle | undefined)[]
  /** State of the source enumerator, if the operator has one. */
  readonly coordinator: Uint8Array | undefined
  /** True if all subtasks had ended their work. */
  readonly finished: boolean
}

/** What a complete checkpoint consists of. */
export interface CheckpointMetadata {
  readonly checkpointId: number
  readonly jobId: string
  readonly jobName: string
  readonly purpose: SnapshotPurpose
  /** Wall time, milliseconds since 1970. */
  readonly triggeredMs: number
  /** Wall time, milliseconds since 1970. */
  readonly completedMs: number
  readonly operators: readonly OperatorCheckpoint[]
}
