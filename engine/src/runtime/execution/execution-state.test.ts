import { expect, test } from 'vitest'
import { type ExecutionState, executionTransition, isTerminalExecution } from './execution-state.ts'

const states: readonly ExecutionState[] = [
  'CREATED',
  'SCHEDULED',
  'DEPLOYING',
  'INITIALIZING',
  'RUNNING',
  'FINISHED',
  'CANCELING',
  'CANCELED',
  'FAILED',
]

/** Every legal edge, written down apart from the table under test. */
const legal: ReadonlySet<string> = new Set([
  'CREATED SCHEDULED',
  'SCHEDULED DEPLOYING',
  'DEPLOYING INITIALIZING',
  'INITIALIZING RUNNING',
  'RUNNING FINISHED',
  'CREATED CANCELED',
  'SCHEDULED CANCELED',
  'DEPLOYING CANCELING',
  'INITIALIZING CANCELING',
  'RUNNING CANCELING',
  'CANCELING CANCELED',
  'CREATED FAILED',
  'SCHEDULED FAILED',
  'DEPLOYING FAILED',
  'INITIALIZING FAILED',
  'RUNNING FAILED',
  'CANCELING FAILED',
])

test('exactly the legal edges may be gone; all others name both states', () => {
  for (const from of states) {
    for (const to of states) {
      if (legal.has(`${from} ${to}`)) expect(executionTransition(from, to)).toBe(to)
      else {
        expect(() => executionTransition(from, to)).toThrow(
          `an execution may not go from ${from} to ${to}`,
        )
      }
    }
  }
})

test('nothing follows FINISHED, CANCELED and FAILED', () => {
  expect(states.filter(isTerminalExecution)).toEqual(['FINISHED', 'CANCELED', 'FAILED'])
})
