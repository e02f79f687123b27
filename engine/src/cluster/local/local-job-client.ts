import type { JobClient, JobExecutionResult } from '../../plan/job-executor.ts'
import type { JobGraph } from '../../plan/job-graph.ts'
import { skewOf } from '../../plan/operator-skew.ts'
import type { JobMaster } from '../../runtime/jobmanager/job-master.ts'
import type { RunningTaskManagers } from './task-managers.ts'

/** What the handle on a job is made of. */
export interface JobClientParts {
  readonly jobId: string
  readonly graph: JobGraph
  readonly jobMaster: JobMaster
  readonly taskManagers: RunningTaskManagers
  /** Settles as the job ends, when nothing of it runs any more. */
  readonly result: Promise<JobExecutionResult>
}

/** The handle on a job that runs in this process. */
export function jobClient(parts: JobClientParts): JobClient {
  const { jobId, graph, jobMaster, taskManagers, result } = parts
  return {
    jobId,
    jobName: graph.jobName,
    status: () => jobMaster.state,
    stateHistory: () => jobMaster.stateHistory(),
    result: () => result,
    async cancel() {
      await jobMaster.cancel()
      await result.catch(() => undefined)
    },
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
