import { expect, test } from 'vitest'
import type { JobState } from '../../plan/job-executor.ts'
import { isTerminalJob, jobTransition } from './job-state.ts'

const states: readonly JobState[] = [
  'CREATED',
  'RUNNING',
  'RESTARTING',
  'FAILING',
  'FAILED',
  'CANCELLING',
  'CANCELED',
  'FINISHED',
  'SUSPENDED',
]

/** Every legal edge, written down apart from the table under test. */
const legal: ReadonlySet<string> = new Set([
  'CREATED RUNNING',
  'RUNNING FINISHED',
  'RUNNING RESTARTING',
  'RESTARTING RUNNING',
  'RESTARTING CREATED',
  'CREATED FAILING',
  'RUNNING FAILING',
  'RESTARTING FAILING',
  'CANCELLING FAILING',
  'FAILING FAILED',
  'CREATED CANCELLING',
  'RUNNING CANCELLING',
  'RESTARTING CANCELLING',
  'FAILING CANCELLING',
  'CANCELLING CANCELED',
  'CREATED SUSPENDED',
  'RUNNING SUSPENDED',
  'RESTARTING SUSPENDED',
  'FAILING SUSPENDED',
  'CANCELLING SUSPENDED',
  'SUSPENDED CREATED',
])

test('exactly the legal edges may be gone; all others name both states', () => {
  for (const from of states) {
    for (const to of states) {
      if (legal.has(`${from} ${to}`)) expect(jobTransition(from, to)).toBe(to)
      else expect(() => jobTransition(from, to)).toThrow(`a job may not go from ${from} to ${to}`)
    }
  }
})

test('nothing follows FAILED, CANCELED and FINISHED; SUSPENDED may go on', () => {
  expect(states.filter(isTerminalJob)).toEqual(['FAILED', 'CANCELED', 'FINISHED'])
})
