/// <reference types="node" />
// The `lab` command: list, start, check, hint, verify. Exit codes: 0 ok, 1 what was checked fails,
// 2 wrong usage, 3 the lab itself is broken.

import { cpSync, existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Exercise, findExercises, selectExercise } from './exercise.ts'
import { runTests } from './test-run.ts'
import { progressOf } from './verdicts.ts'
import { verifyLab } from './verify.ts'

const USAGE = `usage: lab list               the exercises
       lab start <exercise>   copy the starting point to chapters/work
       lab check <exercise>   run the tests against your copy, or the starting point
       lab hint <exercise> [1|2|3]
       lab verify [exercise]  for authors: solution, starter and mutants
An exercise is named by its number (5.1), its folder or its id.`

const root = dirname(import.meta.dirname)

function list(): number {
  for (const exercise of findExercises(root)) {
    const { metadata, number } = exercise
    const mark = existsSync(workFolder(exercise)) ? '▶' : '○'
    console.log(`${mark} ${number.padEnd(5)} ${metadata.title} (${metadata.minutes} min)`)
  }
  return 0
}

function start(exercise: Exercise): number {
  const work = workFolder(exercise)
  if (existsSync(work)) console.log(`You have started already; nothing was overwritten.`)
  else cpSync(join(root, exercise.folder, 'starter'), work, { recursive: true })
  console.log(`Task: ${join(root, exercise.folder, 'README.md')}`)
  console.log(`Edit: ${join(work, 'index.ts')}`)
  console.log(`Then: npm run lab check ${exercise.number}`)
  return 0
}

async function check(exercise: Exercise): Promise<number> {
  const run = await runTests(root, 'work', [exercise.folder])
  const outcomes = run.outcomes.get(exercise.folder) ?? []
  if (outcomes.length === 0) {
    console.log(`The tests did not run:\n${run.faults.join('\n')}`)
    return existsSync(workFolder(exercise)) ? 1 : 3
  }
  const { stepsPassed, steps, firstFailing } = progressOf(outcomes, exercise.metadata.steps)
  for (const { step, title, messages } of firstFailing) {
    console.log(`✗ ${step} > ${title}\n${withoutStack(messages.join('\n'))}\n`)
  }
  console.log(`${exercise.metadata.title}: ${stepsPassed}/${steps} steps`)
  if (stepsPassed < steps) return 1
  console.log(`Read on: ${join(root, exercise.folder, 'solution', 'DISCUSSION.md')}`)
  return 0
}

function withoutStack(message: string): string {
  const lines = message.split('\n').filter((line) => !/^\s+at /.test(line))
  return lines.map((line) => `  ${line}`).join('\n')
}

function hint(exercise: Exercise, number: string): number {
  const path = join(root, exercise.folder, 'hints', `${number}.md`)
  if (!existsSync(path)) return usage(`there is no hint ${number}`)
  console.log(readFileSync(path, 'utf8').trim())
  return 0
}

async function verify(chosen: readonly Exercise[] | undefined): Promise<number> {
  const { items, labIsBroken } = await verifyLab(root, chosen)
  for (const { name, faults } of items) {
    console.log(`${faults.length === 0 ? '✓' : '✗'} ${name}`)
    for (const fault of faults) console.log(`    ${fault}`)
  }
  if (labIsBroken) console.log('The canary lives: the verifier itself is broken.')
  const failed = items.filter(({ faults }) => faults.length > 0).length
  console.log(`${items.length - failed} passed, ${failed} failed`)
  if (labIsBroken) return 3
  return failed === 0 ? 0 : 1
}

function workFolder(exercise: Exercise): string {
  return join(root, 'work', exercise.folder)
}

function usage(fault?: string): number {
  console.log(fault === undefined ? USAGE : `${fault}\n${USAGE}`)
  return 2
}

async function main(args: readonly string[]): Promise<number> {
  const [verb, name, more] = args
  if (verb === 'list' || verb === undefined) return list()
  if (!['start', 'check', 'hint', 'verify'].includes(verb)) return usage(`no verb "${verb}"`)
  if (verb === 'verify' && name === undefined) return verify(undefined)
  const exercise = selectExercise(findExercises(root), name ?? '')
  if (name === undefined || exercise === undefined) return usage(`no exercise "${name ?? ''}"`)
  switch (verb) {
    case 'start':
      return start(exercise)
    case 'check':
      return check(exercise)
    case 'hint':
      return hint(exercise, more ?? '1')
    default:
      return verify([exercise])
  }
}

process.exitCode = await main(process.argv.slice(2))
