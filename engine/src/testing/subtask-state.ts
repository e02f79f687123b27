import type { KeyGroupRange } from '../core/key-group.ts'
import { HeapKeyedStateBackend } from '../state/heap/heap-keyed-state-backend.ts'
import type { KeyedStateBackend } from '../state/keyed-state-backend.ts'
import type { OperatorStateStore } from '../state/operator-state.ts'
import { OperatorStateBackend } from '../state/operator-state-backend.ts'
import type { ProcessingTime } from '../state/processing-time.ts'
import type { StateSection } from '../state/state-section.ts'

/** The state of one operator in one subtask, with its bytes. */
export interface SubtaskState {
  /** Undefined on a stream that is not keyed. */
  readonly keyed: KeyedStateBackend | undefined
  readonly operator: OperatorStateStore
  /** Draws a snapshot and serializes all of it at once. */
  snapshot(checkpointId: number): readonly StateSection[]
}

/** What the state of a subtask is opened with. */
export interface SubtaskStateOptions {
  readonly keyed: boolean
  readonly keyGroupRange: KeyGroupRange
  readonly maxParallelism: number
  readonly processingTime: ProcessingTime
  /** What redistribution gave this subtask; undefined for a fresh start. */
  readonly restored: readonly StateSection[] | undefined
}

const ENTRIES_PER_SLICE = 64

/** Opens the state of one subtask on the heap. */
export function openSubtaskState(options: SubtaskStateOptions): SubtaskState {
  const { restored } = options
  const operator = new OperatorStateBackend({ restored })
  const keyed = options.keyed
    ? new HeapKeyedStateBackend({
        keyGroupRange: options.keyGroupRange,
        maxParallelism: options.maxParallelism,
        processingTime: options.processingTime,
        restored: restored?.filter((section) => section.kind === 'keyed'),
      })
    : undefined
  return {
    keyed,
    operator,
    snapshot: (checkpointId) => [
      ...operator.snapshot(),
      ...(keyed === undefined ? [] : keyedSections(keyed, checkpointId)),
    ],
  }
}

function keyedSections(keyed: KeyedStateBackend, checkpointId: number): readonly StateSection[] {
  const snapshot = keyed.snapshot(checkpointId)
  while (!snapshot.advance(ENTRIES_PER_SLICE)) {}
  return snapshot.sections()
}
