/**
 * `runtime/jobmanager` runs jobs: one JobMaster per job deploys its tasks, takes its checkpoints,
 * restarts it after failures. It knows TaskManagers by their gateway alone.
 */
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { ConfigOptions } from '../../core/config/options.ts'
import type { Env } from '../../env/env.ts'
import type { ScheduledTimer } from '../../env/timers.ts'
import type { JobConfiguration } from '../../plan/job-configuration.ts'
import type { CheckpointStatistics, JobExecutionResult, JobState } from '../../plan/job-executor.ts'
import type { JobGraph } from '../../plan/job-graph.ts'
import type { CheckpointMetadata } from '../../state/checkpoint/checkpoint-metadata.ts'
import type { CheckpointStorage } from '../../state/checkpoint/checkpoint-storage.ts'
import { taskName } from '../checkpoint/checkpoint-in-progress.ts'
import { type ExecutionState, isTerminalExecution } from '../execution/execution-state.ts'
import { isRecoverable } from '../execution/is-recoverable.ts'
import { isTerminalJob, jobTransition } from '../execution/job-state.ts'
import { type RestartStrategy, restartStrategyOf } from '../execution/restart-strategy.ts'
import type {
  CheckpointAcknowledgement,
  ExecutionId,
  JobMasterGateway,
  TaskManagerGateway,
  TaskReport,
} from '../rpc/gateways.ts'
import { JobCheckpoints } from './job-checkpoints.ts'
import { JobReports } from './job-reports.ts'
import { RegionTasks } from './region-tasks.ts'
import { planRestore, type RestorePlan } from './restore-plan.ts'
import { SourceCoordinators } from './source-coordinators.ts'

/** What a JobMaster is made of. */
export interface JobMasterOptions {
  readonly env: Env
  readonly jobId: string
  readonly graph: JobGraph
  readonly configuration: JobConfiguration
  readonly storage: CheckpointStorage
  /** The checkpoint to start from; undefined to start afresh. */
  readonly restoreFrom: CheckpointMetadata | undefined
  /** Above the id of every checkpoint in the storage. */
  readonly nextCheckpointId: number
  readonly taskManager: TaskManagerGateway
  warn(message: string): void
}

/** Runs one job from submission to its end. */
export class JobMaster implements JobMasterGateway {
  readonly #options: JobMasterOptions
  readonly #checkpoints: JobCheckpoints
  readonly #sources: SourceCoordinators
  readonly #restarts: RestartStrategy
  readonly #reports = new JobReports()
  readonly #history: { readonly state: JobState; readonly atMs: number }[] = []
  readonly #result = Promise.withResolvers<JobExecutionResult>()
  readonly #tasks: RegionTasks
  #state: JobState = 'CREATED'
  #startedMs = 0
  #failure: unknown
  /** Undefined if the present failure is the last. */
  #restartDelayMs: number | undefined
  #restartTimer: ScheduledTimer | undefined

  constructor(options: JobMasterOptions) {
    const { env, storage, graph, configuration, jobId } = options
    this.#options = options
    this.#restarts = restartStrategyOf(configuration.configuration)
    this.#tasks = new RegionTasks(options)
    this.#sources = new SourceCoordinators(env, (vertexId, subtaskIndex) => ({
      id: this.#tasks.idOf(vertexId, subtaskIndex),
      gateway: options.taskManager,
      fail: (error) => this.#fail(error),
    }))
    this.#checkpoints = new JobCheckpoints(
      env,
      storage,
      graph,
      { jobId, jobName: graph.jobName },
      configuration.configuration,
      options.nextCheckpointId,
      {
        trigger: (checkpointId, triggeredMs) => this.#trigger(checkpointId, triggeredMs),
        notifyComplete: (checkpointId) =>
          this.#tasks.forAll((id) =>
            options.taskManager.notifyCheckpointComplete(id, checkpointId),
          ),
        notifyAborted: (checkpointId) =>
          this.#tasks.forAll((id) => options.taskManager.notifyCheckpointAborted(id, checkpointId)),
        failJob: (reason) => this.#fail(new EngineError(ErrorCode.JOB_FAILED, reason)),
        finishJob: () => this.#tasks.forAll((id) => options.taskManager.finish(id)),
        warn: (message) => options.warn(message),
      },
    )
    this.#history.push({ state: 'CREATED', atMs: env.clock.nowMs() })
    this.#result.promise.catch(() => undefined)
    if (options.restoreFrom !== undefined) this.#checkpoints.startFrom(options.restoreFrom)
  }

  get state(): JobState {
    return this.#state
  }

  stateHistory(): readonly { readonly state: JobState; readonly atMs: number }[] {
    return [...this.#history]
  }

  result(): Promise<JobExecutionResult> {
    return this.#result.promise
  }

  checkpoints(): readonly CheckpointStatistics[] {
    return this.#checkpoints.statistics()
  }

  get reports(): JobReports {
    return this.#reports
  }

  /** Deploys the job. @throws STATE_NOT_RESTORABLE if the checkpoint does not fit the job */
  start(): void {
    const plan = this.#planRestore()
    this.#startedMs = this.#options.env.clock.nowMs()
    this.#to('RUNNING')
    this.#deploy(plan)
  }

  /** Stops the job at once. Resolves when it has ended. */
  cancel(): Promise<void> {
    const over = this.#result.promise.then(
      () => undefined,
      () => undefined,
    )
    if (isTerminalJob(this.#state) || this.#state === 'CANCELLING') return over
    this.#restartTimer?.cancel()
    this.#restartTimer = undefined
    this.#to('CANCELLING')
    this.#stopTasks()
    return over
  }

  updateExecutionState(
    id: ExecutionId,
    state: ExecutionState,
    error: unknown,
    report: TaskReport | undefined,
  ): void {
    const { executions } = this.#tasks
    const execution = executions.find(id)
    if (execution === undefined) return
    const canceling = execution.state === 'CANCELING'
    if (canceling && !isTerminalExecution(state)) return
    // A task that ended by itself while it was being cancelled counts as cancelled.
    executions.transition(id, canceling && state === 'FINISHED' ? 'CANCELED' : state)
    if (report !== undefined) this.#reports.ended(id, report)
    if (state === 'FAILED' && this.#state === 'RUNNING') {
      this.#fail(error)
    } else if (state === 'RUNNING' && executions.allIn('RUNNING')) {
      this.#allRunning()
    } else if (executions.allOver) {
      this.#allOver()
    }
  }

  reportEndOfData(id: ExecutionId): void {
    if (!this.#isPresent(id)) return
    this.#checkpoints.taskEnded(this.#tasks.ended(id))
  }

  acknowledgeCheckpoint(id: ExecutionId, acknowledgement: CheckpointAcknowledgement): void {
    if (!this.#isPresent(id)) return
    this.#checkpoints.acknowledged(taskName(id.vertexId, id.subtaskIndex), acknowledgement)
  }

  declineCheckpoint(id: ExecutionId, checkpointId: number, reason: string): void {
    if (!this.#isPresent(id)) return
    this.#checkpoints.declined(checkpointId, reason)
  }

  requestSplit(id: ExecutionId, operatorId: string): void {
    if (!this.#isPresent(id)) return
    this.#sources.requestSplit(operatorId, id.subtaskIndex)
  }

  reportWatermark(id: ExecutionId, operatorId: string, watermarkMs: number): void {
    if (!this.#isPresent(id)) return
    this.#sources.reportWatermark(operatorId, id.subtaskIndex, watermarkMs)
  }

  /** False for what tasks of a former attempt or region still send. */
  #isPresent(id: ExecutionId): boolean {
    return this.#tasks.executions.find(id) !== undefined
  }

  #deploy(plan: RestorePlan | undefined): void {
    this.#tasks.deploy(plan)
    this.#sources.start(this.#tasks.vertices, plan?.coordinators)
  }

  #allRunning(): void {
    this.#checkpoints.started(this.#tasks.names)
    for (const task of this.#tasks.endedEarly) this.#checkpoints.taskEnded(task)
  }

  #trigger(checkpointId: number, triggeredMs: number): ReadonlyMap<string, Uint8Array> {
    const coordinators = this.#sources.snapshot(checkpointId)
    this.#tasks.triggerCheckpoint({ checkpointId, triggeredMs, purpose: 'checkpoint' })
    return coordinators
  }

  /** The job cannot go on as it is: stops all tasks, then restarts or fails. */
  #fail(error: unknown): void {
    if (this.#state !== 'RUNNING') return
    this.#failure = error
    const { clock } = this.#options.env
    this.#restartDelayMs = isRecoverable(error)
      ? this.#restarts.onFailure(clock.nowMs())
      : undefined
    this.#to(this.#restartDelayMs === undefined ? 'FAILING' : 'RESTARTING')
    this.#stopTasks()
  }

  #stopTasks(): void {
    this.#sources.close()
    if (this.#tasks.executions.allOver) this.#allOver()
    else this.#tasks.cancel()
  }

  #allOver(): void {
    if (this.#state === 'RUNNING') {
      this.#regionFinished()
      return
    }
    if (isTerminalJob(this.#state) || this.#restartTimer !== undefined) return
    this.#checkpoints.stopped().then(
      () => this.#stopped(),
      (error) => this.#endFailed(error),
    )
  }

  /** All tasks of the region have finished: goes on to the next, or is done. */
  #regionFinished(): void {
    this.#sources.close()
    this.#tasks.regionFinished()
    if (!this.#tasks.hasNextRegion) {
      this.#to('FINISHED')
      this.#finished()
      return
    }
    this.#checkpoints.stopped().then(
      () => this.#startNextRegion(),
      (error) => this.#endFailed(error),
    )
  }

  /** Starts a region that has not run yet; its checkpoints are its own. */
  #startNextRegion(): void {
    if (this.#state !== 'RUNNING') return
    this.#checkpoints.startAfresh()
    this.#tasks.enterNextRegion()
    this.#deploy(undefined)
  }

  /** All tasks and all writes of the attempt are over. */
  #stopped(): void {
    if (this.#state === 'CANCELLING') void this.#endCanceled()
    if (this.#state === 'FAILING') this.#endFailed(this.#failure)
    if (this.#state === 'RESTARTING' && this.#restartTimer === undefined) this.#scheduleRestart()
  }

  #scheduleRestart(): void {
    const { clock, timers } = this.#options.env
    this.#reports.restarted(this.#tasks.vertices.map(({ id }) => id))
    const atMs = clock.nowMs() + (this.#restartDelayMs ?? 0)
    this.#restartTimer = timers.schedule(atMs, () => this.#restart())
  }

  #restart(): void {
    this.#restartTimer = undefined
    if (this.#state !== 'RESTARTING') return
    this.#tasks.beginAttempt()
    this.#to('RUNNING')
    try {
      this.#deploy(this.#planRestore())
    } catch (error) {
      this.#endFailed(error)
    }
  }

  #planRestore(): RestorePlan | undefined {
    const { graph, configuration } = this.#options
    const latest = this.#checkpoints.latest
    if (latest === undefined) return undefined
    const allow = configuration.configuration.get(ConfigOptions.allowNonRestoredState)
    return planRestore(graph, latest, allow)
  }

  #finished(): void {
    const { jobId, graph, env } = this.#options
    const result: JobExecutionResult = {
      jobId,
      jobName: graph.jobName,
      runtimeMs: env.clock.nowMs() - this.#startedMs,
      restarts: this.#reports.restarts,
      accumulators: this.#reports.accumulators([]),
      sinkRecords: this.#reports.sinkRecords(graph),
    }
    // The timer of the next checkpoint goes with the job.
    const stopped = this.#checkpoints.stopped().then(() => this.#releaseCheckpoints())
    stopped.then(
      () => this.#result.resolve(result),
      (error) => this.#result.reject(error),
    )
  }

  /** A job that was cancelled or has finished may take its checkpoints along, a failed one not. */
  async #releaseCheckpoints(): Promise<void> {
    const { graph, configuration, warn } = this.#options
    const retention = configuration.configuration.get(ConfigOptions.checkpointRetention)
    if (retention === 'RETAIN_ON_CANCELLATION') return
    try {
      await this.#checkpoints.discardAll()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      warn(`checkpoints of job '${graph.jobName}' are left, delete them by hand: ${reason}`)
    }
  }

  async #endCanceled(): Promise<void> {
    await this.#releaseCheckpoints()
    // Two ways may lead here: a cancellation meets a restart.
    if (this.#state !== 'CANCELLING') return
    this.#tasks.releaseAll()
    this.#to('CANCELED')
    const { graph } = this.#options
    this.#result.reject(
      new EngineError(ErrorCode.JOB_CANCELED, `job '${graph.jobName}' was cancelled`),
    )
  }

  #endFailed(error: unknown): void {
    if (isTerminalJob(this.#state)) return
    if (this.#state !== 'FAILING') this.#to('FAILING')
    this.#tasks.releaseAll()
    this.#to('FAILED')
    const reason = error instanceof Error ? error.message : String(error)
    this.#result.reject(
      new EngineError(
        ErrorCode.JOB_FAILED,
        `job '${this.#options.graph.jobName}' failed (restart strategy: ${this.#restarts.name}, ` +
          `${this.#reports.restarts} restarts${isRecoverable(error) ? '' : ', none would help'}): ` +
          reason,
        { cause: error },
      ),
    )
  }

  #to(state: JobState): void {
    this.#state = jobTransition(this.#state, state)
    this.#history.push({ state, atMs: this.#options.env.clock.nowMs() })
  }
}
