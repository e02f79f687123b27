import type { TaskInfo } from '../../core/task-info.ts'

/** Where a reader or writer runs, for harnesses that have no job. */
export function taskInfo(
  subtaskIndex: number = 0,
  parallelism: number = 1,
  attempt: number = 0,
): TaskInfo {
  return {
    jobId: 'job-1',
    jobName: 'test job',
    operatorName: 'operator',
    operatorId: 'operator-1',
    subtaskIndex,
    parallelism,
    maxParallelism: 128,
    attempt,
  }
}
