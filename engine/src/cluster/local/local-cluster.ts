/**
 * `cluster/` puts the engine together. `cluster/local` runs jobs in this process: JobMaster and
 * TaskManagers, in one isolate or in threads, joined by queues that behave like connections.
 */
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { ConfigOptions } from '../../core/config/options.ts'
import type { Env } from '../../env/env.ts'
import type { JobConfiguration } from '../../plan/job-configuration.ts'
import type { JobClient, JobExecutor } from '../../plan/job-executor.ts'
import type { JobGraph } from '../../plan/job-graph.ts'
import { configurationInMode } from '../../runtime/execution/configuration-in-mode.ts'
import { JobMaster } from '../../runtime/jobmanager/job-master.ts'
import { queuedJobMaster } from '../../runtime/rpc/queued-gateway.ts'
import { RpcQueue } from '../../runtime/rpc/rpc-queue.ts'
import type { EngineSeams } from './engine-seams.ts'
import { jobClient } from './local-job-client.ts'
import { openRecoveryPoint } from './recovery-point.ts'
import {
  inProcessTaskManagers,
  type RunningTaskManagers,
  type TaskManagerParts,
} from './task-managers.ts'
import { type ThreadProgram, ThreadTaskManagers } from './threads/thread-task-managers.ts'

/** What a local cluster is made of. */
export interface LocalClusterOptions {
  readonly env: Env
  readonly seams?: EngineSeams | undefined
  /** What threads load; by default the module that the process was started with. */
  readonly program?: ThreadProgram | undefined
  /** Told of things a user should know and act on. */
  readonly warn: (message: string) => void
}

/** Runs jobs in this process, each with a JobMaster and TaskManagers of its own. */
export class LocalCluster implements JobExecutor {
  readonly #options: LocalClusterOptions
  #usedSlots = 0

  constructor(options: LocalClusterOptions) {
    this.#options = options
  }

  /**
   * @throws NOT_ENOUGH_SLOTS if the job needs more slots than are free
   * @throws INVALID_PROGRAM if it is to run on threads, and is not the first job of the program
   * @throws CHECKPOINT_NOT_FOUND, CORRUPT_CHECKPOINT, STATE_NOT_RESTORABLE if it cannot start from
   *   the checkpoint it was told to
   */
  async submit(graph: JobGraph, configuration: JobConfiguration): Promise<JobClient> {
    const formerJobs = this.#options.env.threads?.countJob() ?? 0
    this.#takeSlots(graph, configuration)
    try {
      return await this.#start(graph, configuration, formerJobs)
    } catch (error) {
      this.#releaseSlots(graph)
      throw error
    }
  }

  /** @param formerJobs how many jobs this process has run before */
  async #start(graph: JobGraph, asked: JobConfiguration, formerJobs: number): Promise<JobClient> {
    const { env, seams } = this.#options
    const warn = once(this.#options.warn)
    const inMode = configurationInMode(graph, asked.configuration, warn)
    const configuration = { ...asked, configuration: inMode }
    const recovery = await openRecoveryPoint(env, graph, configuration, warn)
    const storage = seams?.wrapCheckpointStorage?.(recovery.storage) ?? recovery.storage
    const jobId = recovery.jobId ?? env.random.uuid()
    // Each end needs the other: the JobMaster's end is looked up when the first call arrives.
    const end: { jobMaster?: JobMaster } = {}
    const gateway = queuedJobMaster(() => end.jobMaster as JobMaster, new RpcQueue(env.executor))
    const taskManagers = this.#taskManagers(
      { env, graph, configuration, storage, jobMaster: gateway, seams, warn },
      formerJobs,
    )
    const jobMaster = new JobMaster({
      env,
      jobId,
      graph,
      configuration,
      storage,
      restoreFrom: recovery.restoreFrom,
      nextCheckpointId: recovery.nextCheckpointId,
      taskManager: taskManagers.gateway,
      warn,
    })
    end.jobMaster = jobMaster
    try {
      jobMaster.start()
    } catch (error) {
      await taskManagers.close()
      throw error
    }
    const result = jobMaster.result().finally(async () => {
      await taskManagers.close()
      this.#releaseSlots(graph)
    })
    result.catch(() => undefined)
    return jobClient({ jobId, graph, jobMaster, taskManagers, result })
  }

  #taskManagers(parts: TaskManagerParts, formerJobs: number): RunningTaskManagers {
    const target = parts.configuration.configuration.get(ConfigOptions.target)
    if (target === 'in-process') return inProcessTaskManagers(parts)
    if (parts.graph.runtimeMode === 'BATCH') {
      parts.warn(`job '${parts.graph.jobName}' runs in this isolate: BATCH has no threads yet`)
      return inProcessTaskManagers(parts)
    }
    const { threads } = parts.env
    const { program } = this.#options
    if (threads === undefined) {
      throw new EngineError(
        ErrorCode.UNSUPPORTED,
        `'${ConfigOptions.target.key}' is 'threads', but this platform has none; set it to 'in-process'`,
      )
    }
    if (program === undefined && formerJobs > 0) throw laterJob(parts.graph, formerJobs)
    return new ThreadTaskManagers(parts, threads, program)
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

/** Threads run the program up to its first job; this one they would never come to. */
function laterJob({ jobName }: JobGraph, formerJobs: number): EngineError {
  return new EngineError(
    ErrorCode.INVALID_PROGRAM,
    `on threads a program runs one job, and '${jobName}' is its job number ${formerJobs + 1}: each ` +
      'thread loads the program and takes the job of its first execute(). Start a program for each ' +
      'job, name the module of this one by getExecutionEnvironment({ program: { module } }), or ' +
      `set '${ConfigOptions.target.key}' to 'in-process'`,
  )
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
