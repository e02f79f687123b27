import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { listFiles } from '../checks/source-tree.ts'
import { runChecks } from './repository-checks.ts'
import { REPOSITORY, runCommand } from './run-command.ts'
import type { SuiteResult } from './suite-result.ts'
import { runVitest, type VitestSuite } from './vitest-suite.ts'

/** A suite that `scripts/test.ts` can run. */
export interface Suite {
  readonly name: string
  /** Whether `npm test` runs it; the others are asked for by name. */
  readonly everyday: boolean
  run(): Promise<SuiteResult>
}

/** All suites, in the order in which they run. */
export const SUITES: readonly Suite[] = [
  { name: 'checks', everyday: true, run: runChecks },
  vitest({ name: 'scripts', folder: 'scripts', config: 'vitest.config.ts' }),
  vitest({ name: 'engine', folder: 'engine', config: 'vitest.config.ts' }),
  vitest({ name: 'chapters', folder: 'chapters', config: 'vitest.config.ts' }),
  { name: 'lab', everyday: true, run: () => runCounted('lab', ['chapters/cli/main.ts', 'verify']) },
  ...(hasTests('bench')
    ? [vitest({ name: 'bench', folder: 'bench', config: 'vitest.config.ts' })]
    : []),
  vitest({ name: 'process', folder: 'engine', config: 'vitest.process.config.ts' }, false),
  vitest({ name: 'browser', folder: 'engine', config: 'vitest.browser-smoke.config.ts' }, false),
  { name: 'site', everyday: false, run: () => runCounted('site', ['scripts/build-site.ts']) },
]

function vitest(suite: VitestSuite, everyday: boolean = true): Suite {
  return { name: suite.name, everyday, run: () => runVitest(suite) }
}

function hasTests(folder: string): boolean {
  return listFiles(REPOSITORY, folder, (file) => file.endsWith('.test.ts')).length > 0
}

/** Runs a program of the repository that prints its count as a line `N passed, M failed`. */
async function runCounted(suite: string, args: readonly string[]): Promise<SuiteResult> {
  const { ok, output } = await runCommand({ folder: '.', program: 'node', args }, false)
  console.log(output.trimEnd())
  const counts = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1)
  const passed = Number(counts?.[1] ?? 0)
  const failed = Number(counts?.[2] ?? 0)
  return { suite, passed, failed: failed === 0 && !(ok && passed > 0) ? 1 : failed, skipped: 0 }
}

/** Forgets the reports of former runs. */
export function clearResults(): void {
  rmSync(join(REPOSITORY, '.millrace', 'results'), { recursive: true, force: true })
}
