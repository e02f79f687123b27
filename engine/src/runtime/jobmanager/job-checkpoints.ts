import type { ConfigOption } from '../../core/config/config-option.ts'
import type { Configuration } from '../../core/config/configuration.ts'
import { ConfigOptions } from '../../core/config/options.ts'
import type { Env } from '../../env/env.ts'
import type { ScheduledTimer } from '../../env/timers.ts'
import type { CheckpointStatistics } from '../../plan/job-executor.ts'
import type { JobGraph } from '../../plan/job-graph.ts'
import type { CheckpointMetadata } from '../../state/checkpoint/checkpoint-metadata.ts'
import type { CheckpointStorage } from '../../state/checkpoint/checkpoint-storage.ts'
import {
  type CoordinatorCommand,
  type CoordinatorEvent,
  type CoordinatorOptions,
  type CoordinatorState,
  decideCheckpoint,
  initialCoordinatorState,
} from '../checkpoint/checkpoint-coordinator.ts'
import { CheckpointHistory } from '../checkpoint/checkpoint-history.ts'
import { CheckpointInProgress } from '../checkpoint/checkpoint-in-progress.ts'
import type { CheckpointAcknowledgement } from '../rpc/gateways.ts'
import { MissingUids } from './missing-uids.ts'

/** What the checkpoints of a job ask of its JobMaster. */
export interface JobCheckpointsTarget {
  /** Draws the enumerators' state, then tells the source tasks. */
  trigger(checkpointId: number, triggeredMs: number): ReadonlyMap<string, Uint8Array>
  notifyComplete(checkpointId: number): void
  notifyAborted(checkpointId: number): void
  failJob(reason: string): void
  finishJob(): void
  warn(message: string): void
}

/**
 * Takes the checkpoints of a job: carries out what the coordinator decides, and keeps the newest
 * complete one for recovery.
 */
export class JobCheckpoints {
  readonly #env: Env
  readonly #storage: CheckpointStorage
  readonly #graph: JobGraph
  readonly #job: { readonly jobId: string; readonly jobName: string }
  readonly #target: JobCheckpointsTarget
  readonly #options: CoordinatorOptions
  readonly #retained: number
  /** Checkpoints outlive the process, and so perhaps the present version of the program. */
  readonly #durable: boolean
  readonly #missingUids = new MissingUids()
  readonly #history = new CheckpointHistory()
  #state: CoordinatorState
  #inProgress: CheckpointInProgress | undefined
  #latest: CheckpointMetadata | undefined
  #timer: { readonly atMs: number; readonly timer: ScheduledTimer } | undefined
  /** Metadata that is being written; every restart waits for it. */
  #storing: Promise<void> = Promise.resolve()
  /** Subsumed checkpoints that are being deleted. */
  #retaining: Promise<void> = Promise.resolve()
  /** Given-up checkpoints that are being deleted. */
  #discarding: Promise<void> = Promise.resolve()

  constructor(
    env: Env,
    storage: CheckpointStorage,
    graph: JobGraph,
    job: { readonly jobId: string; readonly jobName: string },
    configuration: Configuration,
    nextCheckpointId: number,
    target: JobCheckpointsTarget,
  ) {
    this.#env = env
    this.#storage = storage
    this.#graph = graph
    this.#job = job
    this.#target = target
    const get = <T>(option: ConfigOption<T>): T => configuration.get(option)
    this.#options = {
      intervalMs: get(ConfigOptions.checkpointInterval),
      timeoutMs: get(ConfigOptions.checkpointTimeout),
      minPauseMs: get(ConfigOptions.checkpointMinPause),
      tolerableFailures: get(ConfigOptions.tolerableFailedCheckpoints),
    }
    this.#retained = get(ConfigOptions.retainedCheckpoints)
    this.#durable = get(ConfigOptions.checkpointDirectory) !== undefined
    this.#state = initialCoordinatorState(nextCheckpointId)
  }

  /** The newest complete checkpoint, from which a restart goes on. */
  get latest(): CheckpointMetadata | undefined {
    return this.#latest
  }

  /** Sets the checkpoint that the job itself started from. */
  startFrom(metadata: CheckpointMetadata): void {
    this.#latest = metadata
  }

  /** What comes next starts afresh, whatever checkpoints there are. */
  startAfresh(): void {
    this.#latest = undefined
  }

  statistics(): readonly CheckpointStatistics[] {
    return this.#history.statistics()
  }

  /** All tasks run. */
  started(tasks: ReadonlySet<string>): void {
    this.#handle({ kind: 'started', tasks, nowMs: this.#env.clock.nowMs() })
  }

  /**
   * The tasks stopped. Resolves when no metadata is being written, and nothing given up and no
   * subsumed checkpoint is left: from then on `latest` is the truth. Rejects with FILE_SYSTEM if
   * that cannot be brought about.
   */
  async stopped(): Promise<void> {
    // A checkpoint whose metadata is being written is decided by the write alone.
    if (this.#state.pending?.storing) await this.#storing
    this.#handle({ kind: 'stopped' })
    this.#timer?.timer.cancel()
    this.#timer = undefined
    const discarding = this.#discarding
    this.#discarding = Promise.resolve()
    await discarding
    await this.#retaining
  }

  /**
   * Removes every checkpoint in the job's storage, the one it started from included if it is there.
   * Called after {@link stopped}. Rejects with FILE_SYSTEM if something stays.
   */
  async discardAll(): Promise<void> {
    const { complete, refused } = await this.#storage.list()
    for (const { checkpointId } of [...complete, ...refused].reverse()) {
      await this.#storage.discard(checkpointId)
    }
    await this.#storage.discardIncomplete([])
  }

  acknowledged(task: string, acknowledgement: CheckpointAcknowledgement): void {
    const { checkpointId } = acknowledgement
    if (this.#inProgress?.checkpointId !== checkpointId) return
    this.#inProgress.acknowledge(task, acknowledgement)
    this.#handle({ kind: 'acknowledged', checkpointId, task })
  }

  declined(checkpointId: number, reason: string): void {
    this.#handle({ kind: 'declined', checkpointId, reason, nowMs: this.#env.clock.nowMs() })
  }

  taskEnded(task: string): void {
    this.#handle({ kind: 'task-ended', task, nowMs: this.#env.clock.nowMs() })
  }

  #handle(event: CoordinatorEvent): void {
    const { state, commands } = decideCheckpoint(this.#state, event, this.#options)
    this.#state = state
    for (const command of commands) this.#carryOut(command)
  }

  #carryOut(command: CoordinatorCommand): void {
    switch (command.kind) {
      case 'trigger': {
        const { checkpointId, triggeredMs } = command.checkpoint
        this.#history.triggered(checkpointId, triggeredMs)
        const coordinators = this.#target.trigger(checkpointId, triggeredMs)
        this.#inProgress = new CheckpointInProgress(checkpointId, triggeredMs, coordinators)
        return
      }
      case 'store':
        this.#storing = this.#store(this.#inProgress as CheckpointInProgress).catch((error) =>
          this.#target.failJob(reasonOf(error)),
        )
        return
      case 'complete':
        this.#env.faultPoint('afterMetadataBeforeNotify')
        this.#target.notifyComplete(command.checkpointId)
        return
      case 'abort':
        this.#abort(command.checkpointId, command.reason, command.expired)
        return
      case 'fail-job':
        this.#target.failJob(command.reason)
        return
      case 'finish-job':
        this.#target.finishJob()
        return
      case 'wake-at':
        this.#wakeAt(command.atMs)
    }
  }

  #wakeAt(atMs: number): void {
    if (this.#timer !== undefined && this.#timer.atMs <= atMs) return
    this.#timer?.timer.cancel()
    const timer = this.#env.timers.schedule(atMs, () => {
      this.#timer = undefined
      this.#handle({ kind: 'tick', nowMs: this.#env.clock.nowMs() })
    })
    this.#timer = { atMs, timer }
  }

  async #store(checkpoint: CheckpointInProgress): Promise<void> {
    const { checkpointId } = checkpoint
    const completedMs = this.#env.clock.nowMs()
    const metadata = checkpoint.metadata(this.#job, this.#graph, completedMs)
    let path: string | undefined
    try {
      this.#env.faultPoint('afterAckBeforeNotify')
      path = await this.#storage.complete(checkpointId, metadata)
    } catch (error) {
      const reason = reasonOf(error)
      this.#handle({ kind: 'store-failed', checkpointId, reason, nowMs: this.#env.clock.nowMs() })
      return
    }
    this.#latest = metadata
    this.#warnOfMissingUids(metadata)
    const nowMs = this.#env.clock.nowMs()
    this.#history.completed(checkpointId, nowMs, path, checkpoint.statistics())
    this.#handle({ kind: 'stored', checkpointId, nowMs })
    // What cannot be deleted now is deleted after a later checkpoint.
    this.#retaining = this.#retaining
      .then(() => this.#storage.retain(this.#retained))
      .catch(() => undefined)
  }

  #warnOfMissingUids(metadata: CheckpointMetadata): void {
    const warning = this.#durable ? this.#missingUids.warningOf(metadata) : undefined
    if (warning !== undefined) this.#target.warn(warning)
  }

  #abort(checkpointId: number, reason: string, expired: boolean): void {
    const statistics = this.#inProgress?.statistics() ?? []
    this.#inProgress = undefined
    const nowMs = this.#env.clock.nowMs()
    this.#history.failed(checkpointId, nowMs, expired ? 'EXPIRED' : 'FAILED', reason, statistics)
    this.#target.notifyAborted(checkpointId)
    // Its files may have become durable all the same. A restart must not go on beside a checkpoint
    // of an abandoned attempt, so it waits until they are gone.
    this.#discarding = this.#discarding.then(() => this.#storage.discard(checkpointId))
    this.#discarding.catch(() => undefined)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
