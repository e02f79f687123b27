/**
 * What the main thread and the threads of a job tell each other. Everything is plain data and is
 * copied on the way, shared memory aside. Code is not sent: each thread loads the program.
 */
import type { ConfigValues } from '../../../core/config/configuration.ts'
import type {
  ExecutionId,
  JobMasterGateway,
  RingLocation,
  TaskManagerGateway,
  TaskRestore,
} from '../../../runtime/rpc/gateways.ts'
import type { StateHandle } from '../../../state/checkpoint/checkpoint-metadata.ts'
import type { StateSection } from '../../../state/state-section.ts'
import type { PlainError } from './plain-error.ts'
import type { PlainReport } from './plain-report.ts'

/** What a thread is started with. */
export interface ThreadStart {
  /** See {@link planSignature}. */
  readonly signature: readonly string[]
  /** The word that wakes the thread. */
  readonly bell: SharedArrayBuffer
  /** The options that are set in the main thread: there the program may know more of them. */
  readonly settings: ConfigValues
  readonly globalParameters: Readonly<Record<string, string>>
}

/** A call of a method of a TaskManager whose arguments are plain data. */
export interface TaskManagerCall {
  readonly kind: 'call'
  readonly method: Exclude<keyof TaskManagerGateway, 'deploy' | 'addSplits'>
  readonly args: readonly unknown[]
}

/** From the main thread. */
export type ToThread =
  | TaskManagerCall
  | {
      readonly kind: 'deploy'
      readonly executionId: ExecutionId
      readonly restore: TaskRestore | undefined
      readonly rings: ReadonlyMap<string, RingLocation>
    }
  | {
      readonly kind: 'splits'
      readonly executionId: ExecutionId
      readonly operatorId: string
      readonly splits: readonly Uint8Array[]
    }
  /** The job is over. */
  | { readonly kind: 'end' }
  /** The answer to a storage request. */
  | { readonly kind: 'reply'; readonly id: number; readonly reply: StorageReply }

/** What a thread asks of the checkpoint storage, which the main thread has. */
export type StorageRequest =
  | {
      readonly method: 'write'
      readonly checkpointId: number
      readonly operatorId: string
      readonly subtaskIndex: number
      readonly sections: readonly StateSection[]
    }
  | { readonly method: 'read'; readonly handle: StateHandle }
  | { readonly method: 'discard'; readonly checkpointId: number }

/** What became of a storage request. */
export type StorageReply =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: PlainError }

/** To the main thread. */
export type FromThread =
  /** The thread has built the job, and takes tasks. */
  | { readonly kind: 'ready' }
  /** The program builds another job here than in the main thread. */
  | { readonly kind: 'refused'; readonly error: PlainError }
  | {
      readonly kind: 'call'
      readonly method: keyof JobMasterGateway
      readonly args: readonly unknown[]
    }
  | {
      readonly kind: 'state-changed'
      readonly executionId: ExecutionId
      readonly state: Parameters<JobMasterGateway['updateExecutionState']>[1]
      readonly error: PlainError | undefined
      readonly report: PlainReport | undefined
    }
  | { readonly kind: 'storage'; readonly id: number; readonly request: StorageRequest }
  | { readonly kind: 'reports'; readonly reports: readonly PlainReport[] }
  | { readonly kind: 'warn'; readonly message: string }
