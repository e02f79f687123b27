import { assert } from '../../base/engine-error.ts'

const transitions = {
  CREATED: ['SCHEDULED', 'CANCELED', 'FAILED'],
  SCHEDULED: ['DEPLOYING', 'CANCELED', 'FAILED'],
  DEPLOYING: ['INITIALIZING', 'CANCELING', 'FAILED'],
  INITIALIZING: ['RUNNING', 'CANCELING', 'FAILED'],
  RUNNING: ['FINISHED', 'CANCELING', 'FAILED'],
  CANCELING: ['CANCELED', 'FAILED'],
  FINISHED: [],
  CANCELED: [],
  FAILED: [],
} as const

/** The states of an execution attempt of a subtask. Names are Flink's. */
export type ExecutionState = keyof typeof transitions

/** Goes from one state to the next, or throws ASSERTION if there is no such edge. */
export function executionTransition(from: ExecutionState, to: ExecutionState): ExecutionState {
  const legal: readonly ExecutionState[] = transitions[from]
  assert(legal.includes(to), `an execution may not go from ${from} to ${to}`)
  return to
}

/** True if nothing can follow. */
export function isTerminalExecution(state: ExecutionState): boolean {
  return transitions[state].length === 0
}
