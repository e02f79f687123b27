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
import { ExecutionGraph } from './execution-graph.ts'
import { JobCheckpoints } from './job-checkpoints.ts'
import { JobReports } from './job-reports.ts'
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
  #state: JobState = 'CREATED'
  #executions: ExecutionGraph
  #attempt = 0
  #startedMs = 0
  #failure: unknown
  /** Undefined if the present failure is the last. */
  #restartDelayMs: number | undefined
  #restartTimer: ScheduledTimer | undefined

  constructor(options: JobMasterOptions) {
    const { env, storage, graph, configuration, jobId } = options
    this.#options = options
    this.#restarts = restartStrategyOf(configuration.configuration)
    this.#executions = new ExecutionGraph(graph, jobId, 0)
    this.#sources = new SourceCoordinators(graph, env, (vertexId, subtaskIndex) => ({
      id: { jobId, vertexId, subtaskIndex, attempt: this.#attempt },
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
          this.#forAll((id) => options.taskManager.notifyCheckpointComplete(id, checkpointId)),
        notifyAborted: (checkpointId) =>
          this.#forAll((id) => options.taskManager.notifyCheckpointAborted(id, checkpointId)),
        failJob: (reason) => this.#fail(new EngineError(ErrorCode.JOB_FAILED, reason)),
        finishJob: () => this.#forAll((id) => options.taskManager.finish(id)),
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
    const execution = this.#executions.find(id)
    if (execution === undefined) return
    const canceling = execution.state === 'CANCELING'
    if (canceling && !isTerminalExecution(state)) return
    // A task that ended by itself while it was being cancelled counts as cancelled.
    this.#executions.transition(id, canceling && state === 'FINISHED' ? 'CANCELED' : state)
    if (report !== undefined) this.#reports.ended(id, report)
    if (state === 'FAILED' && this.#state === 'RUNNING') {
      this.#fail(error)
    } else if (state === 'RUNNING' && this.#executions.allIn('RUNNING')) {
      this.#allRunning()
    } else if (this.#executions.allOver) {
      this.#allOver()
    }
  }

  reportEndOfData(id: ExecutionId): void {
    if (this.#executions.find(id) === undefined) return
    this.#ended.add(taskName(id.vertexId, id.subtaskIndex))
    this.#checkpoints.taskEnded(taskName(id.vertexId, id.subtaskIndex))
  }

  acknowledgeCheckpoint(id: ExecutionId, acknowledgement: CheckpointAcknowledgement): void {
    if (this.#executions.find(id) === undefined) return
    this.#checkpoints.acknowledged(taskName(id.vertexId, id.subtaskIndex), acknowledgement)
  }

  declineCheckpoint(id: ExecutionId, checkpointId: number, reason: string): void {
    if (this.#executions.find(id) === undefined) return
    this.#checkpoints.declined(checkpointId, reason)
  }

  requestSplit(id: ExecutionId, operatorId: string): void {
    if (this.#executions.find(id) === undefined) return
    this.#sources.requestSplit(operatorId, id.subtaskIndex)
  }

  reportWatermark(id: ExecutionId, operatorId: string, watermarkMs: number): void {
    if (this.#executions.find(id) === undefined) return
    this.#sources.reportWatermark(operatorId, id.subtaskIndex, watermarkMs)
  }

  /** Tasks that ended before all were running, in the present attempt. */
  readonly #ended = new Set<string>()

  #deploy(plan: RestorePlan | undefined): void {
    const { graph, configuration, taskManager, jobId } = this.#options
    this.#ended.clear()
    this.#executions = new ExecutionGraph(graph, jobId, this.#attempt)
    for (const { id } of this.#executions.all()) {
      this.#executions.transition(id, 'SCHEDULED')
      this.#executions.transition(id, 'DEPLOYING')
      taskManager.deploy({
        executionId: id,
        graph,
        configuration,
        restore: plan?.vertices.get(id.vertexId),
      })
    }
    this.#sources.start(plan?.coordinators)
  }

  #allRunning(): void {
    const tasks = this.#executions.all().map(({ id }) => taskName(id.vertexId, id.subtaskIndex))
    this.#checkpoints.started(new Set(tasks))
    for (const task of this.#ended) this.#checkpoints.taskEnded(task)
  }

  #trigger(checkpointId: number, triggeredMs: number): ReadonlyMap<string, Uint8Array> {
    const coordinators = this.#sources.snapshot(checkpointId)
    const trigger = { checkpointId, triggeredMs, purpose: 'checkpoint' as const }
    for (const { id, vertex } of this.#executions.all()) {
      if (vertex.inputs.length === 0) this.#options.taskManager.triggerCheckpoint(id, trigger)
    }
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
    if (this.#executions.allOver) {
      this.#allOver()
      return
    }
    for (const { id, state } of this.#executions.all()) {
      if (isTerminalExecution(state)) continue
      this.#executions.transition(id, 'CANCELING')
      this.#options.taskManager.cancel(id)
    }
  }

  #allOver(): void {
    if (this.#state === 'RUNNING') {
      this.#sources.close()
      this.#to('FINISHED')
      this.#finished()
      return
    }
    if (isTerminalJob(this.#state) || this.#restartTimer !== undefined) return
    this.#checkpoints.stopped().then(
      () => this.#stopped(),
      (error) => this.#endFailed(error),
    )
  }

  /** All tasks and all writes of the attempt are over. */
  #stopped(): void {
    if (this.#state === 'CANCELLING') void this.#endCanceled()
    if (this.#state === 'FAILING') this.#endFailed(this.#failure)
    if (this.#state === 'RESTARTING' && this.#restartTimer === undefined) this.#scheduleRestart()
  }

  #scheduleRestart(): void {
    const { clock, timers } = this.#options.env
    this.#reports.restarted()
    const atMs = clock.nowMs() + (this.#restartDelayMs ?? 0)
    this.#restartTimer = timers.schedule(atMs, () => this.#restart())
  }

  #restart(): void {
    this.#restartTimer = undefined
    if (this.#state !== 'RESTARTING') return
    this.#attempt++
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
    this.#to('CANCELED')
    const { graph } = this.#options
    this.#result.reject(
      new EngineError(ErrorCode.JOB_CANCELED, `job '${graph.jobName}' was cancelled`),
    )
  }

  #endFailed(error: unknown): void {
    if (isTerminalJob(this.#state)) return
    if (this.#state !== 'FAILING') this.#to('FAILING')
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

  #forAll(tell: (id: ExecutionId) => void): void {
    for (const { id } of this.#executions.all()) tell(id)
  }

  #to(state: JobState): void {
    this.#state = jobTransition(this.#state, state)
    this.#history.push({ state, atMs: this.#options.env.clock.nowMs() })
  }
}
