import { ConfigOptions } from '../../core/config/options.ts'
import type { Env } from '../../env/env.ts'
import type { JobConfiguration } from '../../plan/job-configuration.ts'
import type { JobGraph } from '../../plan/job-graph.ts'
import type {
  JobMasterGateway,
  TaskManagerGateway,
  TaskReport,
} from '../../runtime/rpc/gateways.ts'
import { queuedTaskManager } from '../../runtime/rpc/queued-gateway.ts'
import { RpcQueue } from '../../runtime/rpc/rpc-queue.ts'
import { AlignedBarrierHandler, type BarrierHandler } from '../../runtime/task/barrier-handler.ts'
import type { ThreadChannels } from '../../runtime/taskmanager/ring-channels.ts'
import { TaskManager } from '../../runtime/taskmanager/task-manager.ts'
import type { CheckpointStorage, TaskStorage } from '../../state/checkpoint/checkpoint-storage.ts'
import type { EngineSeams } from './engine-seams.ts'

/** What a TaskManager is made of. */
export interface TaskManagerParts<Storage extends TaskStorage = CheckpointStorage> {
  readonly env: Env
  readonly graph: JobGraph
  readonly configuration: JobConfiguration
  readonly storage: Storage
  readonly jobMaster: JobMasterGateway
  readonly seams: EngineSeams | undefined
  readonly warn: (message: string) => void
}

/** The TaskManagers of a job as the rest of the cluster sees them. */
export interface RunningTaskManagers {
  readonly gateway: TaskManagerGateway
  /** What the running tasks reported of themselves last. */
  reports(): readonly TaskReport[]
  /** The job has ended. Resolves when nothing of it runs any more. */
  close(): Promise<void>
}

/** Makes the TaskManager of this isolate. @param threads how it reaches tasks in other threads */
export function taskManagerOf(
  parts: TaskManagerParts<TaskStorage>,
  threads?: ThreadChannels,
): TaskManager {
  const { env, storage, jobMaster, configuration, seams, warn } = parts
  return new TaskManager({
    env,
    storage,
    jobMaster,
    createBarrierHandler: seams?.createBarrierHandler ?? alignedBarrierHandler,
    channelCredits: configuration.configuration.get(ConfigOptions.channelCredits),
    threads,
    warn,
  })
}

/** Runs all tasks of a job in this isolate. */
export function inProcessTaskManagers(parts: TaskManagerParts): RunningTaskManagers {
  const taskManager = taskManagerOf(parts)
  return {
    gateway: queuedTaskManager(taskManager, new RpcQueue(parts.env.executor)),
    reports: () => taskManager.reports(),
    close: async () => {},
  }
}

function alignedBarrierHandler(channelCount: number): BarrierHandler {
  return new AlignedBarrierHandler(channelCount)
}
