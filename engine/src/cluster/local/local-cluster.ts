/**
 * `cluster/` puts the engine together. `cluster/local` runs jobs in this isolate: JobMaster and
 * TaskManager side by side, joined by queues that behave like connections.
 */
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { ConfigOptions } from '../../core/config/options.ts'
import type { Env } from '../../env/env.ts'
import type { JobConfiguration } from '../../plan/job-configuration.ts'
import type { JobClient, JobExecutor } from '../../plan/job-executor.ts'
import type { JobGraph } from '../../plan/job-graph.ts'
import { configurationInMode } from '../../runtime/execution/configuration-in-mode.ts'
import { JobMaster } from '../../runtime/jobmanager/job-master.ts'
import { queuedJobMaster, queuedTaskManager } from '../../runtime/rpc/queued-gateway.ts'
import { RpcQueue } from '../../runtime/rpc/rpc-queue.ts'
import { AlignedBarrierHandler, type BarrierHandler } from '../../runtime/task/barrier-handler.ts'
import { TaskManager } from '../../runtime/taskmanager/task-manager.ts'
import type { EngineSeams } from './engine-seams.ts'
import { jobClient } from './local-job-client.ts'
import { openRecoveryPoint } from './recovery-point.ts'

/** What a local cluster is made of. */
export interface LocalClusterOptions {
  readonly env: Env
  readonly seams?: EngineSeams | undefined
  /** Told of things a user should know and act on. */
  readonly warn: (message: string) => void
}

/** Runs jobs in this isolate, each with a JobMaster and a TaskManager of its own. */
export class LocalCluster implements JobExecutor {
  readonly #options: LocalClusterOptions
  #usedSlots = 0

  constructor(options: LocalClusterOptions) {
    this.#options = options
  }

  /**
   * @throws NOT_ENOUGH_SLOTS if the job needs more slots than are free
   * @throws CHECKPOINT_NOT_FOUND, CORRUPT_CHECKPOINT, STATE_NOT_RESTORABLE if it cannot start from
   *   the checkpoint it was told to
   */
  async submit(graph: JobGraph, configuration: JobConfiguration): Promise<JobClient> {
    this.#takeSlots(graph, configuration)
    try {
      const { client, ended } = await this.#start(graph, configuration)
      void ended.finally(() => this.#releaseSlots(graph))
      return client
    } catch (error) {
      this.#releaseSlots(graph)
      throw error
    }
  }

  async #start(
    graph: JobGraph,
    asked: JobConfiguration,
  ): Promise<{ readonly client: JobClient; readonly ended: Promise<unknown> }> {
    const { env, seams } = this.#options
    const warn = once(this.#options.warn)
    const inMode = configurationInMode(graph, asked.configuration, warn)
    const configuration = { ...asked, configuration: inMode }
    const recovery = await openRecoveryPoint(env, graph, configuration, warn)
    const storage = seams?.wrapCheckpointStorage?.(recovery.storage) ?? recovery.storage
    const jobId = recovery.jobId ?? env.random.uuid()
    const toTaskManager = new RpcQueue(env.executor)
    const toJobMaster = new RpcQueue(env.executor)
    // Each end needs the other: the JobMaster's end is looked up when the first call arrives.
    const end: { jobMaster?: JobMaster } = {}
    const gateway = queuedJobMaster(() => end.jobMaster as JobMaster, toJobMaster)
    const taskManager = new TaskManager({
      env,
      storage,
      jobMaster: gateway,
      createBarrierHandler: seams?.createBarrierHandler ?? alignedBarrierHandler,
      channelCredits: configuration.configuration.get(ConfigOptions.channelCredits),
      warn,
    })
    const jobMaster = new JobMaster({
      env,
      jobId,
      graph,
      configuration,
      storage,
      restoreFrom: recovery.restoreFrom,
      nextCheckpointId: recovery.nextCheckpointId,
      taskManager: queuedTaskManager(taskManager, toTaskManager),
      warn,
    })
    end.jobMaster = jobMaster
    jobMaster.start()
    const ended = jobMaster.result().catch(() => undefined)
    return { client: jobClient(jobId, graph, jobMaster, taskManager), ended }
  }

  #takeSlots(graph: JobGraph, { configuration }: JobConfiguration): void {
    const slots = configuration.get(ConfigOptions.slots)
    if (this.#usedSlots + graph.requiredSlots > slots) {
      throw new EngineError(
        ErrorCode.NOT_ENOUGH_SLOTS,
        `job '${graph.jobName}' needs ${graph.requiredSlots} slots, ${slots - this.#usedSlots} of ` +
          `${slots} are free; lower its parallelism or raise '${ConfigOptions.slots.key}'`,
      )
    }
    this.#usedSlots += graph.requiredSlots
  }

  #releaseSlots(graph: JobGraph): void {
    this.#usedSlots -= graph.requiredSlots
  }
}

function alignedBarrierHandler(channelCount: number): BarrierHandler {
  return new AlignedBarrierHandler(channelCount)
}

/** Subtasks say the same things; a user needs to hear each of them once per job. */
function once(warn: (message: string) => void): (message: string) => void {
  const said = new Set<string>()
  return (message) => {
    if (said.has(message)) return
    said.add(message)
    warn(message)
  }
}
