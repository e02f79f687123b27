import type { TestOutcome } from './test-run.ts'

/** Whether a test failed because the learner has not written the code yet. */
export function failedByTodo(outcome: TestOutcome): boolean {
  return outcome.status === 'failed' && outcome.messages.some((text) => /\bTodoError\b/.test(text))
}

/** What is wrong with a solution: all tests must pass, and the steps be the declared ones. */
export function solutionFaults(
  outcomes: readonly TestOutcome[],
  steps: readonly string[],
): readonly string[] {
  const faults = outcomes
    .filter(({ status }) => status !== 'passed')
    .map(({ step, title, status }) => `"${step} > ${title}" ${status}`)
  const found = [...new Set(outcomes.map(({ step }) => step))]
  if (found.join('\n') !== steps.join('\n')) {
    faults.push(`the tests have the steps ${JSON.stringify(found)}, exercise.json says otherwise`)
  }
  return faults
}

/** What is wrong with a starter: every failure must be a TodoError, and each step must fail. */
export function starterFaults(
  outcomes: readonly TestOutcome[],
  steps: readonly string[],
): readonly string[] {
  const failed = outcomes.filter(({ status }) => status === 'failed')
  const faults = failed
    .filter((outcome) => !failedByTodo(outcome))
    .map(({ step, title }) => `"${step} > ${title}" fails, but not by todo()`)
  for (const step of steps) {
    if (!failed.some((outcome) => outcome.step === step)) faults.push(`"${step}" passes untouched`)
  }
  return faults
}

/**
 * What is wrong with a mutant: it must fail first in the step that its `@kills` line names.
 *
 * @param source the text of the mutant
 */
export function mutantFaults(
  outcomes: readonly TestOutcome[],
  steps: readonly string[],
  source: string,
): readonly string[] {
  const killer = /^\/\/ @kills "(.*)"/.exec(source)?.[1]
  if (killer === undefined) return ['its first line must read // @kills "<step>"']
  if (!steps.includes(killer)) return [`"${killer}" is no step of the exercise`]
  const failed = outcomes.filter(({ status }) => status === 'failed')
  if (failed.some(failedByTodo)) return ['it fails by todo(), so it is no wrong answer']
  const first = steps.find((step) => failed.some((outcome) => outcome.step === step))
  if (first === undefined) return ['it survives all tests']
  return first === killer ? [] : [`it is killed by "${first}", not by "${killer}"`]
}

/** How far an answer has come. */
export interface Progress {
  readonly stepsPassed: number
  readonly steps: number
  /** The failing tests of the first step that fails. */
  readonly firstFailing: readonly TestOutcome[]
}

/** The progress of an answer: a step counts when all steps before it pass too. */
export function progressOf(outcomes: readonly TestOutcome[], steps: readonly string[]): Progress {
  const fails = (step: string): boolean =>
    !outcomes.some((outcome) => outcome.step === step) ||
    outcomes.some((outcome) => outcome.step === step && outcome.status === 'failed')
  const at = steps.findIndex(fails)
  const step = steps[at]
  return {
    stepsPassed: at === -1 ? steps.length : at,
    steps: steps.length,
    firstFailing: outcomes.filter((test) => test.step === step && test.status === 'failed'),
  }
}
