import { assert } from '../../base/engine-error.ts'
import type { JobState } from '../../plan/job-executor.ts'

const transitions: Readonly<Record<JobState, readonly JobState[]>> = {
  CREATED: ['RUNNING', 'FAILING', 'CANCELLING', 'SUSPENDED'],
  RUNNING: ['FAILING', 'RESTARTING', 'CANCELLING', 'FINISHED', 'SUSPENDED'],
  FAILING: ['FAILED', 'CANCELLING', 'SUSPENDED'],
  RESTARTING: ['CREATED', 'RUNNING', 'FAILING', 'CANCELLING', 'SUSPENDED'],
  CANCELLING: ['CANCELED', 'FAILING', 'SUSPENDED'],
  SUSPENDED: ['CREATED'],
  FAILED: [],
  CANCELED: [],
  FINISHED: [],
}

/** Goes from one state to the next, or throws ASSERTION if there is no such edge. */
export function jobTransition(from: JobState, to: JobState): JobState {
  assert(transitions[from].includes(to), `a job may not go from ${from} to ${to}`)
  return to
}

/** True if nothing can follow. */
export function isTerminalJob(state: JobState): boolean {
  return transitions[state].length === 0
}
