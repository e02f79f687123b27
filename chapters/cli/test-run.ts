/// <reference types="node" />
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'

/** One test of an exercise after a run. */
export interface TestOutcome {
  /** The title of the top-level `describe` that holds the test. */
  readonly step: string
  readonly title: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** What was thrown; empty unless the test failed. */
  readonly messages: readonly string[]
}

/** What running the tests of some exercises against one target has shown. */
export interface TestRun {
  /** Outcomes by folder of the exercise. */
  readonly outcomes: ReadonlyMap<string, readonly TestOutcome[]>
  /** Faults that are no test's, such as a file that does not load. */
  readonly faults: readonly string[]
}

interface JsonReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/**
 * Runs the tests of exercises against one target.
 *
 * @param root the folder `chapters`
 * @param target see `labTarget`
 * @param folders folders of the exercises
 */
export async function runTests(
  root: string,
  target: string,
  folders: readonly string[],
  seed: number = 1,
): Promise<TestRun> {
  const scratch = mkdtempSync(join(tmpdir(), 'millrace-lab-'))
  const report = join(scratch, 'report.json')
  const vitest = join(
    dirname(createRequire(join(root, 'package.json')).resolve('vitest/package.json')),
    'vitest.mjs',
  )
  const options = ['--config', 'vitest.lab.config.ts', '--reporter=json', `--outputFile=${report}`]
  const filters = folders.map((folder) => `${folder}/tests/`)
  const env = { ...process.env, LAB_TARGET: target, LAB_SEED: String(seed) }
  try {
    const output = await run([vitest, 'run', ...options, ...filters], root, env)
    if (!existsSync(report)) return { outcomes: new Map(), faults: [output.trim()] }
    return readReport(root, JSON.parse(readFileSync(report, 'utf8')) as JsonReport)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (data) => {
      output += data
    })
    child.stderr.on('data', (data) => {
      output += data
    })
    child.on('error', reject)
    child.on('close', () => resolve(output))
  })
}

function readReport(root: string, report: JsonReport): TestRun {
  const outcomes = new Map<string, TestOutcome[]>()
  const faults: string[] = []
  for (const file of report.testResults) {
    const folder = relative(root, file.name)
      .replaceAll('\\', '/')
      .replace(/\/tests\/.*$/, '')
    const tests = outcomes.get(folder) ?? []
    outcomes.set(folder, tests)
    if (file.assertionResults.length === 0) faults.push(`${folder}: ${file.message}`)
    for (const test of file.assertionResults) {
      const status = test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped'
      const step = test.ancestorTitles[0] ?? ''
      tests.push({ step, title: test.title, status, messages: test.failureMessages })
    }
  }
  return { outcomes, faults }
}
