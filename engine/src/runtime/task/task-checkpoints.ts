import type { CheckpointBarrier } from '../../core/stream-element.ts'
import type { Env } from '../../env/env.ts'
import type { SubtaskCheckpointStatistics } from '../../plan/job-executor.ts'
import type { TaskStorage } from '../../state/checkpoint/checkpoint-storage.ts'
import type { CheckpointAcknowledgement } from '../rpc/gateways.ts'
import type { OperatorChain } from './operator-chain.ts'
import { PendingSnapshot } from './pending-snapshot.ts'

/** Entries serialized per slice, so that a snapshot takes little from the records in between. */
const ENTRIES_PER_SLICE = 4_096

/** How the task takes part in checkpoints, as its checkpoints see it. */
export interface TaskCheckpointOptions {
  readonly env: Env
  readonly storage: TaskStorage
  readonly vertexName: string
  readonly subtaskIndex: number
  readonly acknowledge: (acknowledgement: CheckpointAcknowledgement) => void
  readonly decline: (checkpointId: number, reason: string) => void
}

/**
 * Takes the snapshots of a task: draws the line at the barrier, serializes in slices, writes to the
 * checkpoint storage, acknowledges. At most one snapshot is open; a newer barrier gives up the
 * older.
 */
export class TaskCheckpoints {
  readonly #options: TaskCheckpointOptions
  #serializing: PendingSnapshot | undefined
  #writing = new Set<PendingSnapshot>()
  #awaited: Promise<void>[] | undefined

  constructor(options: TaskCheckpointOptions) {
    this.#options = options
  }

  /** True while a snapshot needs more slices. */
  get isSerializing(): boolean {
    return this.#serializing !== undefined
  }

  /** See `OperatorContext.awaitBeforeAcknowledge`. */
  awaitBeforeAcknowledge(done: Promise<void>): void {
    // The rejection is reported when the snapshot is written; until then nobody may look at it.
    done.catch(() => undefined)
    this.#awaited?.push(done)
  }

  /** Draws the line: operators write their state, the barrier goes on, state is marked. */
  begin(
    chain: OperatorChain,
    barrier: CheckpointBarrier,
    alignmentStartMs: number,
    finished: boolean,
  ): void {
    const { env } = this.#options
    this.#serializing?.abort()
    env.faultPoint('beforeBarrier')
    const syncStartMs = env.clock.nowMs()
    chain.flush()
    this.#awaited = []
    for (const { operator, output } of chain.links) {
      operator.snapshotState(barrier.checkpointId)
      output.flush() // what it emits there is ahead of the barrier
    }
    const awaited = this.#awaited
    this.#awaited = undefined
    for (const partition of chain.partitions) partition.broadcast(barrier)
    const syncEndMs = env.clock.nowMs()
    const times = { alignmentStartMs, syncStartMs, syncEndMs }
    this.#serializing = new PendingSnapshot(barrier, times, finished, awaited, chain.links)
  }

  /** Serializes a slice; starts to write when all is serialized. Called once per task slice. */
  advance(): void {
    const snapshot = this.#serializing
    if (snapshot === undefined || !snapshot.advance(ENTRIES_PER_SLICE)) return
    this.#serializing = undefined
    this.#writing.add(snapshot)
    void this.#write(snapshot).finally(() => this.#writing.delete(snapshot))
  }

  /** The coordinator gave a checkpoint up. */
  abort(checkpointId: number): void {
    if (this.#serializing?.barrier.checkpointId === checkpointId) {
      this.#serializing.abort()
      this.#serializing = undefined
    }
    for (const snapshot of this.#writing) {
      if (snapshot.barrier.checkpointId === checkpointId) snapshot.abort()
    }
  }

  /** The task ends: nothing is acknowledged any more. */
  close(): void {
    this.#serializing?.abort()
    this.#serializing = undefined
    for (const snapshot of this.#writing) snapshot.abort()
  }

  async #write(snapshot: PendingSnapshot): Promise<void> {
    const { env, storage, subtaskIndex } = this.#options
    const { checkpointId } = snapshot.barrier
    try {
      const operators = []
      for (const { operatorId, sections } of snapshot.states()) {
        const handle = await storage.writeSubtaskState(
          checkpointId,
          operatorId,
          subtaskIndex,
          sections,
        )
        operators.push({ operatorId, handle })
        if (snapshot.isAborted) return await this.#discard(checkpointId)
      }
      await Promise.all(snapshot.awaited)
      if (snapshot.isAborted) return
      env.faultPoint('afterSnapshotBeforeAck')
      const sizeBytes = operators.reduce((sum, { handle }) => sum + handle.sizeBytes, 0)
      this.#options.acknowledge({
        checkpointId,
        operators,
        finished: snapshot.finished,
        statistics: this.#statistics(snapshot, sizeBytes),
      })
    } catch (error) {
      if (snapshot.isAborted) return await this.#discard(checkpointId)
      this.#options.decline(checkpointId, error instanceof Error ? error.message : String(error))
    }
  }

  /**
   * Removes what was written for a checkpoint after it was given up: the coordinator may have
   * removed it before that write was done. Best effort: the next complete checkpoint does the rest.
   */
  async #discard(checkpointId: number): Promise<void> {
    await this.#options.storage.discard(checkpointId).catch(() => undefined)
  }

  #statistics(snapshot: PendingSnapshot, sizeBytes: number): SubtaskCheckpointStatistics {
    const { times, barrier } = snapshot
    const nowMs = this.#options.env.clock.nowMs()
    return {
      vertexName: this.#options.vertexName,
      subtaskIndex: this.#options.subtaskIndex,
      startDelayMs: times.alignmentStartMs - barrier.triggeredMs,
      alignmentMs: times.syncStartMs - times.alignmentStartMs,
      syncMs: times.syncEndMs - times.syncStartMs,
      asyncMs: nowMs - times.syncEndMs,
      sizeBytes,
      endToEndMs: nowMs - barrier.triggeredMs,
    }
  }
}
