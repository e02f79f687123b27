/// <reference types="node" />
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { normalizePath, type Plugin } from 'vite'

/**
 * Resolves `#exercise/<chapter>/<exercise>` to the code under test.
 *
 * @param root the folder `chapters`
 * @param target `work`, `starter`, `solution`, or `mutant@<k>` for the mutant of that number
 */
export function labTarget(root: string, target: string): Plugin {
  return {
    name: 'lab-target',
    enforce: 'pre',
    resolveId(id) {
      const exercise = /^#exercise\/(.+)$/.exec(id)?.[1]
      if (exercise === undefined) return undefined
      return normalizePath(join(root, targetFolder(root, target, exercise), 'index.ts'))
    },
  }
}

/**
 * The folder whose `index.ts` is tested, relative to `root`.
 *
 * @throws Error when the target names a mutant that does not exist
 */
export function targetFolder(root: string, target: string, exercise: string): string {
  if (target === 'work') {
    const work = join('work', exercise)
    return existsSync(join(root, work, 'index.ts')) ? work : join(exercise, 'starter')
  }
  const mutant = /^mutant@(\d+)$/.exec(target)?.[1]
  if (mutant === undefined) return join(exercise, target)
  const name = mutantsOf(root, exercise)[Number(mutant)]
  if (name === undefined) throw new Error(`${exercise} has no mutant ${mutant}`)
  return join(exercise, 'mutants', name)
}

/** The names of the mutants of an exercise, in a fixed order. */
export function mutantsOf(root: string, exercise: string): readonly string[] {
  const folder = join(root, exercise, 'mutants')
  return existsSync(folder) ? readdirSync(folder).sort() : []
}
