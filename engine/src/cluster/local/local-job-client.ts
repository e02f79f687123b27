import type { JobClient } from '../../plan/job-executor.ts'
import type { JobGraph } from '../../plan/job-graph.ts'
import type { JobMaster } from '../../runtime/jobmanager/job-master.ts'
import type { TaskManager } from '../../runtime/taskmanager/task-manager.ts'

/** The handle on a job that runs in this isolate. */
export function jobClient(
  jobId: string,
  graph: JobGraph,
  jobMaster: JobMaster,
  taskManager: TaskManager,
): JobClient {
  return {
    jobId,
    jobName: graph.jobName,
    status: () => jobMaster.state,
    stateHistory: () => jobMaster.stateHistory(),
    result: () => jobMaster.result(),
    cancel: () => jobMaster.cancel(),
    accumulators: () => jobMaster.reports.accumulators(taskManager.reports()),
    metrics: () => jobMaster.reports.metrics(taskManager.reports()),
    checkpoints: () => jobMaster.checkpoints(),
  }
}
