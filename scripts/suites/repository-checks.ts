import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, REPOSITORY, runCommand } from './run-command.ts'
import type { SuiteResult } from './suite-result.ts'

/** A check of the repository; it counts as one test. */
interface RepositoryCheck {
  readonly name: string
  readonly command: Command
}

/** Packages whose types are checked. The site checks its own when it is built. */
const TYPED_PACKAGES = ['engine', 'scripts', 'chapters', 'bench']

/** All checks, the quick ones first. */
export function repositoryChecks(): readonly RepositoryCheck[] {
  const script = (name: string): RepositoryCheck => ({
    name,
    command: { folder: '.', program: 'node', args: [`scripts/check-${name}.ts`] },
  })
  const types = TYPED_PACKAGES.filter((folder) =>
    existsSync(join(REPOSITORY, folder, 'tsconfig.json')),
  ).map((folder) => ({
    name: `types of ${folder}`,
    command: { folder, program: 'tsc', args: ['-p', '.'] },
  }))
  return [
    script('layers'),
    script('style'),
    script('docs'),
    {
      name: 'lint and format',
      command: {
        folder: '.',
        program: 'biome',
        args: ['ci', '--colors=off', '--diagnostic-level=warn'],
      },
    },
    ...types,
    { name: 'dead exports', command: { folder: '.', program: 'knip', args: ['--no-progress'] } },
    script('package'),
  ]
}

/** Runs all checks one after the other and shows the output of those that fail. */
export async function runChecks(): Promise<SuiteResult> {
  let passed = 0
  let failed = 0
  for (const { name, command } of repositoryChecks()) {
    const { ok, output, tookMs } = await runCommand(command, false)
    console.log(`${ok ? '✓' : '✗'} ${name} (${(tookMs / 1000).toFixed(1)} s)`)
    if (ok) passed++
    else {
      failed++
      console.log(output.trim().replace(/^/gm, '    '))
    }
  }
  return { suite: 'checks', passed, failed, skipped: 0 }
}
