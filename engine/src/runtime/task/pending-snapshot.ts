import type { CheckpointBarrier } from '../../core/stream-element.ts'
import type { KeyedStateSnapshot } from '../../state/keyed-state-snapshot.ts'
import type { StateSection } from '../../state/state-section.ts'
import type { ChainLink } from './chain-link.ts'

/** Where the time of a snapshot went. Wall time in milliseconds. */
export interface SnapshotTimes {
  /** When the first barrier came. */
  readonly alignmentStartMs: number
  readonly syncStartMs: number
  readonly syncEndMs: number
}

interface OperatorSnapshot {
  readonly operatorId: string
  readonly operatorSections: readonly StateSection[]
  readonly keyed: KeyedStateSnapshot | undefined
}

/**
 * A snapshot of a task between the barrier and its acknowledgement. The line through the state is
 * drawn when it is made; the entries are serialized in slices while records flow.
 */
export class PendingSnapshot {
  readonly barrier: CheckpointBarrier
  readonly times: SnapshotTimes
  /** Whether the task had processed all its input before the barrier. */
  readonly finished: boolean
  /** I/O of operators that the acknowledgement waits for. */
  readonly awaited: readonly Promise<void>[]
  readonly #operators: readonly OperatorSnapshot[]
  #next = 0
  #aborted = false

  constructor(
    barrier: CheckpointBarrier,
    times: SnapshotTimes,
    finished: boolean,
    awaited: readonly Promise<void>[],
    links: readonly ChainLink[],
  ) {
    this.barrier = barrier
    this.times = times
    this.finished = finished
    this.awaited = awaited
    this.#operators = links.map((link) => ({
      operatorId: link.node.operatorId,
      operatorSections: link.operatorState.snapshot(),
      keyed: link.keyedState?.snapshot(barrier.checkpointId),
    }))
  }

  get isAborted(): boolean {
    return this.#aborted
  }

  /** Serializes up to `maxEntries` further entries. @returns true when all is serialized */
  advance(maxEntries: number): boolean {
    while (this.#next < this.#operators.length) {
      const { keyed } = this.#operators[this.#next] as OperatorSnapshot
      if (keyed !== undefined && !keyed.advance(maxEntries)) return false
      this.#next++
    }
    return true
  }

  /** The bytes of each operator that has any, after `advance` returned true. */
  states(): readonly { readonly operatorId: string; readonly sections: readonly StateSection[] }[] {
    return this.#operators
      .map(({ operatorId, operatorSections, keyed }) => ({
        operatorId,
        sections: [...operatorSections, ...(keyed?.sections() ?? [])],
      }))
      .filter(({ sections }) => sections.length > 0)
  }

  /** Gives the snapshot up: its checkpoint will never complete. */
  abort(): void {
    if (this.#aborted) return
    this.#aborted = true
    for (const { keyed } of this.#operators) keyed?.abort()
  }
}
