/// <reference types="node" />
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Exercise, exercisesIn, findExercises } from './exercise.ts'
import { mutantsOf } from './lab-target.ts'
import { runTests, type TestOutcome, type TestRun } from './test-run.ts'
import { mutantFaults, solutionFaults, starterFaults } from './verdicts.ts'

/** Seeds on which every solution has to pass. */
const SEEDS: readonly number[] = [1, 2, 3, 4, 5]

/** The fewest mutants that make an exercise of each kind trustworthy. */
const FEWEST_MUTANTS = { use: 2, build: 3, debug: 2, test: 5 } as const

const README_HEADINGS: readonly string[] = ['Goal', 'Contract', 'Steps', 'Predict first']

/** One thing that was verified. */
export interface VerifiedItem {
  readonly name: string
  /** Empty when all is well. */
  readonly faults: readonly string[]
}

/** What `lab verify` has found. */
export interface Verification {
  readonly items: readonly VerifiedItem[]
  /** True when the canary lives: then nothing else was verified. */
  readonly labIsBroken: boolean
}

/**
 * Verifies exercises, the canary first: texts and metadata, the solution on all seeds, the starter,
 * and each mutant.
 *
 * @param root the folder `chapters`
 * @param chosen which exercises to verify; all when undefined
 */
export async function verifyLab(root: string, chosen?: readonly Exercise[]): Promise<Verification> {
  const canary = await verifyRuns(root, exercisesIn(root, 'canary'), [1])
  if (canary.some(({ faults }) => faults.length > 0)) return { items: canary, labIsBroken: true }
  const exercises = chosen ?? findExercises(root)
  const texts = exercises.map((exercise) => verifyTexts(root, exercise))
  const runs = await verifyRuns(root, exercises, SEEDS)
  const all = [...canary, uniqueIds(findExercises(root)), ...texts, ...runs]
  return { items: all, labIsBroken: false }
}

function uniqueIds(exercises: readonly Exercise[]): VerifiedItem {
  const ids = exercises.map(({ metadata }) => metadata.id)
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index)
  return { name: 'ids are unique', faults: twice.map((id) => `${id} is used twice`) }
}

function verifyTexts(root: string, exercise: Exercise): VerifiedItem {
  const faults: string[] = []
  const text = (file: string): string => {
    const path = join(root, exercise.folder, file)
    const content = existsSync(path) ? readFileSync(path, 'utf8') : ''
    if (content.trim() === '') faults.push(`${file} is missing or empty`)
    return content
  }
  const readme = text('README.md')
  for (const heading of README_HEADINGS) {
    if (!readme.includes(`\n## ${heading}\n`)) faults.push(`README.md has no "## ${heading}"`)
  }
  for (const hint of [1, 2, 3]) text(`hints/${hint}.md`)
  text('solution/DISCUSSION.md')
  if (/\btodo\(/.test(text('solution/index.ts'))) faults.push('the solution still has a todo()')
  const mutants = mutantsOf(root, exercise.folder).length
  const fewest = FEWEST_MUTANTS[exercise.metadata.kind]
  if (mutants < fewest) faults.push(`${mutants} mutants; there must be at least ${fewest}`)
  return { name: `${exercise.folder}: texts and metadata`, faults }
}

/** One process per target and seed serves all exercises: starting vitest costs most of the time. */
async function verifyRuns(
  root: string,
  exercises: readonly Exercise[],
  seeds: readonly number[],
): Promise<readonly VerifiedItem[]> {
  const items: VerifiedItem[] = []
  const judge = (
    what: string,
    run: TestRun,
    chosen: readonly Exercise[],
    faultsOf: (exercise: Exercise, outcomes: readonly TestOutcome[]) => readonly string[],
  ): void => {
    for (const exercise of chosen) {
      const outcomes = run.outcomes.get(exercise.folder) ?? []
      const found =
        outcomes.length === 0 ? [...run.faults, 'no test ran'] : faultsOf(exercise, outcomes)
      items.push({ name: `${exercise.folder}: ${what}`, faults: found })
    }
  }
  const folders = exercises.map(({ folder }) => folder)
  for (const seed of seeds) {
    const run = await runTests(root, 'solution', folders, seed)
    judge(`solution, seed ${seed}`, run, exercises, (exercise, outcomes) =>
      solutionFaults(outcomes, exercise.metadata.steps),
    )
  }
  judge('starter', await runTests(root, 'starter', folders), exercises, (exercise, outcomes) =>
    starterFaults(outcomes, exercise.metadata.steps),
  )
  const most = Math.max(0, ...folders.map((folder) => mutantsOf(root, folder).length))
  for (let k = 0; k < most; k++) {
    const chosen = exercises.filter(({ folder }) => mutantsOf(root, folder).length > k)
    const run = await runTests(
      root,
      `mutant@${k}`,
      chosen.map(({ folder }) => folder),
    )
    for (const exercise of chosen) {
      const name = mutantsOf(root, exercise.folder)[k]!
      const file = join(root, exercise.folder, 'mutants', name, 'index.ts')
      judge(`mutant ${name}`, run, [exercise], (_, outcomes) =>
        mutantFaults(outcomes, exercise.metadata.steps, readFileSync(file, 'utf8')),
      )
    }
  }
  return items
}
