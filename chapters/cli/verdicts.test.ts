import { describe, expect, it } from 'vitest'
import type { TestOutcome } from './test-run.ts'
import { mutantFaults, progressOf, solutionFaults, starterFaults } from './verdicts.ts'

const steps = ['step 1: a', 'step 2: b']

const outcome = (step: string, message?: string): TestOutcome => ({
  step,
  title: 't',
  status: message === undefined ? 'passed' : 'failed',
  messages: message === undefined ? [] : [message],
})
const todo = 'TodoError: write it\n    at todo'
const wrong = 'AssertionError: expected 1 to be 2'
const [one, two] = steps as [string, string]

describe('a solution', () => {
  it('is good when everything passes and the steps are the declared ones', () => {
    expect(solutionFaults([outcome(one), outcome(one), outcome(two)], steps)).toEqual([])
  })

  it('is refused for a failure, a skipped test, a missing or an unknown step', () => {
    expect(solutionFaults([outcome(one, wrong), outcome(two)], steps)).toHaveLength(1)
    const skipped: TestOutcome = { ...outcome(two), status: 'skipped' }
    expect(solutionFaults([outcome(one), skipped], steps)).toHaveLength(1)
    expect(solutionFaults([outcome(one)], steps)).toHaveLength(1)
    expect(solutionFaults([outcome(two), outcome(one)], steps)).toHaveLength(1)
  })
})

describe('a starter', () => {
  it('is good when each step fails by todo()', () => {
    expect(starterFaults([outcome(one, todo), outcome(two, todo), outcome(two)], steps)).toEqual([])
  })

  it('is refused when a step passes or fails for another reason', () => {
    expect(starterFaults([outcome(one, todo), outcome(two)], steps)).toHaveLength(1)
    expect(starterFaults([outcome(one, todo), outcome(two, wrong)], steps)).toHaveLength(1)
    expect(starterFaults([outcome(one), outcome(two)], steps)).toHaveLength(2)
  })
})

describe('a mutant', () => {
  const kills = '// @kills "step 2: b"\n'

  it('is dead when the step that it names fails first', () => {
    expect(mutantFaults([outcome(one), outcome(two, wrong)], steps, kills)).toEqual([])
  })

  it('is refused when it survives, dies elsewhere, or is not finished', () => {
    expect(mutantFaults([outcome(one), outcome(two)], steps, kills)[0]).toContain('survives')
    expect(mutantFaults([outcome(one, wrong), outcome(two, wrong)], steps, kills)).toHaveLength(1)
    expect(mutantFaults([outcome(one), outcome(two, todo)], steps, kills)).toHaveLength(1)
  })

  it('is refused without a @kills line that names a step', () => {
    expect(mutantFaults([outcome(two, wrong)], steps, '')).toHaveLength(1)
    expect(mutantFaults([outcome(two, wrong)], steps, '// @kills "step 9"')).toHaveLength(1)
  })
})

describe('progress', () => {
  it('counts the steps before the first that fails, and shows that one only', () => {
    const outcomes = [outcome(one, wrong), outcome(one), outcome(two, wrong)]
    expect(progressOf(outcomes, steps)).toEqual({
      stepsPassed: 0,
      steps: 2,
      firstFailing: [outcome(one, wrong)],
    })
    expect(progressOf([outcome(one), outcome(two)], steps).stepsPassed).toBe(2)
    expect(progressOf([outcome(one)], steps).stepsPassed).toBe(1)
  })
})
