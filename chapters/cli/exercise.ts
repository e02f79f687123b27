/// <reference types="node" />
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const KINDS: readonly string[] = ['use', 'build', 'debug', 'test']
const STATUSES: readonly string[] = ['draft', 'pilot', 'stable']

/** What exercise.json says about an exercise. */
export interface ExerciseMetadata {
  readonly id: string
  readonly title: string
  readonly kind: 'use' | 'build' | 'debug' | 'test'
  readonly quiz: boolean
  readonly minutes: number
  readonly difficulty: number
  readonly requires: readonly string[]
  readonly spi?: string
  /** The titles of the top-level `describe` blocks of the tests, in their order. */
  readonly steps: readonly string[]
  readonly browser: boolean
  readonly status: 'draft' | 'pilot' | 'stable'
}

/** An exercise and where it is. */
export interface Exercise {
  /** `<chapter>/<exercise>`, relative to `chapters`. */
  readonly folder: string
  /** The pair by which learners name it, such as `5.1`; empty for the canary. */
  readonly number: string
  readonly metadata: ExerciseMetadata
}

/** All exercises of the course, in their order. */
export function findExercises(root: string): readonly Exercise[] {
  const chapters = readdirSync(root).filter((name) => /^\d+-/.test(name))
  return chapters.sort().flatMap((chapter) => exercisesIn(root, chapter))
}

/** The exercises of one folder. */
export function exercisesIn(root: string, chapter: string): readonly Exercise[] {
  const names = readdirSync(join(root, chapter)).filter((name) => /^\d+-/.test(name))
  return names.sort().map((name) => {
    const folder = `${chapter}/${name}`
    const path = join(root, folder, 'exercise.json')
    if (!existsSync(path)) throw new Error(`${folder} has no exercise.json`)
    const metadata = JSON.parse(readFileSync(path, 'utf8')) as ExerciseMetadata
    const faults = metadataFaults(metadata)
    if (faults.length > 0) throw new Error(`${folder}/exercise.json: ${faults.join('; ')}`)
    const number = `${Number.parseInt(chapter, 10)}.${Number.parseInt(name, 10)}`
    return { folder, number: Number.isNaN(Number(number)) ? '' : number, metadata }
  })
}

/** Finds an exercise by number, folder or id, or by a beginning of the latter that is unique. */
export function selectExercise(exercises: readonly Exercise[], name: string): Exercise | undefined {
  const wanted = name.replace(/\/$/, '')
  const names = (exercise: Exercise): readonly string[] => [
    exercise.number,
    exercise.folder,
    exercise.metadata.id,
  ]
  const exact = exercises.find((exercise) => names(exercise).includes(wanted))
  if (exact !== undefined) return exact
  const fitting = exercises.filter((exercise) =>
    names(exercise)
      .slice(1)
      .some((candidate) => candidate.startsWith(wanted)),
  )
  return fitting.length === 1 ? fitting[0] : undefined
}

/** What is wrong with the content of an exercise.json. */
export function metadataFaults(metadata: ExerciseMetadata): readonly string[] {
  const faults: string[] = []
  const expect = (ok: boolean, fault: string): void => {
    if (!ok) faults.push(fault)
  }
  const {
    id,
    title,
    kind,
    quiz,
    minutes,
    difficulty,
    requires,
    spi,
    steps,
    browser,
    status,
    ...unknown
  } = metadata
  expect(/^[a-z0-9-]+\/[a-z0-9-]+$/.test(id), 'id must read topic/name')
  expect(typeof title === 'string' && title !== '', 'title is missing')
  expect(KINDS.includes(kind), `kind must be one of ${KINDS.join(', ')}`)
  expect(typeof quiz === 'boolean', 'quiz must be true or false')
  expect(Number.isInteger(minutes) && minutes > 0, 'minutes must be a positive integer')
  expect([1, 2, 3, 4, 5].includes(difficulty), 'difficulty must be 1 to 5')
  expect(Array.isArray(requires), 'requires must be a list of ids')
  expect(spi === undefined || kind === 'build', 'only build exercises have an spi')
  expect(Array.isArray(steps) && steps.length > 0, 'steps must be a list of titles')
  expect(typeof browser === 'boolean', 'browser must be true or false')
  expect(STATUSES.includes(status), `status must be one of ${STATUSES.join(', ')}`)
  for (const field of Object.keys(unknown)) faults.push(`${field} is unknown`)
  return faults
}
