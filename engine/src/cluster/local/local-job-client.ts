import type { JobClient } from '../../plan/job-executor.ts'
import type { JobGraph } from '../../plan/job-graph.ts'
import { skewOf } from '../../plan/operator-skew.ts'
import type { JobMaster } from '../../runtime/jobmanager/job-master.ts'
import type { RunningTaskManagers } from './task-managers.ts'

/** The handle on a job that runs in this process. */
export function jobClient(
  jobId: string,
  graph: JobGraph,
  jobMaster: JobMaster,
  taskManagers: RunningTaskManagers,
): JobClient {
  return {
    jobId,
    jobName: graph.jobName,
    status: () => jobMaster.state,
    stateHistory: () => jobMaster.stateHistory(),
    result: () => jobMaster.result(),
    cancel: () => jobMaster.cancel(),
    accumulators: () => jobMaster.reports.accumulators(taskManagers.reports()),
    metrics: () => jobMaster.reports.metrics(taskManagers.reports()),
    skew: () => {
      const running = taskManagers.reports()
      const { reports } = jobMaster
      return skewOf(graph, reports.metrics(running), reports.keyGroups(running))
    },
    checkpoints: () => jobMaster.checkpoints(),
  }
}
