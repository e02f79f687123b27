import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { REPOSITORY, runCommand } from './run-command.ts'
import type { SuiteResult } from './suite-result.ts'

/** A suite that vitest runs. */
export interface VitestSuite {
  readonly name: string
  /** The package that owns it. */
  readonly folder: string
  /** Its configuration, relative to the package. */
  readonly config: string
}

/** The parts of vitest's JSON report that are counted. */
export interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests?: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/** Runs a suite with its normal progress and counts its tests. */
export async function runVitest(suite: VitestSuite): Promise<SuiteResult> {
  const report = join(REPOSITORY, '.millrace', 'results', `${suite.name}.json`)
  rmSync(report, { force: true })
  const args = ['run', '--config', suite.config, '--reporter=default', '--reporter=json']
  const command = {
    folder: suite.folder,
    program: 'vitest',
    args: [...args, `--outputFile.json=${report}`],
  }
  const { ok } = await runCommand(command, true)
  const parsed = existsSync(report)
    ? (JSON.parse(readFileSync(report, 'utf8')) as VitestReport)
    : undefined
  return countReport(suite.name, ok, parsed)
}

/**
 * Counts a report. A file that does not load is one failed test, and so is a run that fails
 * although no test does, that writes no report, or that finds no test at all.
 *
 * @param ok whether vitest ended well
 */
export function countReport(
  suite: string,
  ok: boolean,
  report: VitestReport | undefined,
): SuiteResult {
  const passed = report?.numPassedTests ?? 0
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0)
  const broken = (report?.testResults ?? []).filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = (report?.numFailedTests ?? 0) + broken.length
  const unexplained = failed === 0 && (!ok || passed + skipped === 0)
  return { suite, passed, failed: unexplained ? 1 : failed, skipped }
}
