import type { BroadcastDescriptor } from '../../operator/broadcast/broadcast-process-function.ts'

/** A stream of which every subtask gets all records, and the states to make of them. */
export interface BroadcastStream<T> {
  readonly broadcastStates: readonly BroadcastDescriptor[]
  /** Never set: it only carries the type of the records for the compiler. */
  readonly recordType?: T
}
