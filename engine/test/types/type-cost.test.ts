/// <reference types="node" />
/**
 * A budget for what the types of the API cost a program: how many instantiations the compiler makes
 * for the type tests beyond those for the engine. A signature that makes it try everything shows
 * here long before anybody waits for the editor.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'

/** Of about 140 lines of pipelines each. 6,900 in total when this was written. */
const INSTANTIATIONS_MAX = 9_000

const PROGRAMS = ['api-types.ts', 'join-types.ts', 'operator-types.ts', 'window-types.ts']

const ROOT = resolve(import.meta.dirname, '../../..')
mkdirSync(join(ROOT, 'engine/.millrace'), { recursive: true })
const folder = mkdtempSync(join(ROOT, 'engine/.millrace/type-cost-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the types of the API cost a program little', async () => {
  const entry = join(ROOT, 'engine/src/index.ts')
  const programs = PROGRAMS.map((name) => join(import.meta.dirname, name))
  const [engine, all] = await Promise.all([
    instantiations('engine', [entry]),
    instantiations('all', [entry, ...programs]),
  ])
  expect(engine).toBeGreaterThan(10_000)
  expect(all).toBeGreaterThan(engine)
  expect(all - engine).toBeLessThan(INSTANTIATIONS_MAX)
}, 60_000)

/** Compiles files by themselves. One thread: several would count what they share twice. */
async function instantiations(name: string, files: readonly string[]): Promise<number> {
  const config = join(folder, `${name}.json`)
  writeFileSync(config, JSON.stringify({ extends: join(ROOT, 'tsconfig.base.json'), files }))
  const options = ['-p', config, '--extendedDiagnostics', '--singleThreaded']
  const output = await new Promise<string>((settle) => {
    execFile(join(ROOT, 'node_modules/.bin/tsc'), options, (_error, stdout) => settle(stdout))
  })
  expect(output).not.toContain('error TS')
  return Number(/Instantiations:\s+(\d+)/.exec(output)?.[1])
}
