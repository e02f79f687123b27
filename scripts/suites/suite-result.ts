import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** How many tests of a suite passed, failed and were skipped. */
export interface SuiteResult {
  readonly suite: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** The line that closes a run: the sum over all suites. */
export function summaryLine(results: readonly SuiteResult[]): string {
  const sum = (count: (result: SuiteResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0)
  const skipped = sum((result) => result.skipped)
  const line = `${sum((result) => result.passed)} passed, ${sum((result) => result.failed)} failed`
  return skipped === 0 ? line : `${line}, ${skipped} skipped`
}

/** Whether a run is good: something ran, and nothing failed. */
export function isGreen(results: readonly SuiteResult[]): boolean {
  const failed = results.some((result) => result.failed > 0)
  return !failed && results.some((result) => result.passed > 0)
}

/** Appends results to a file that several runs share, one JSON object a line. */
export function appendToTally(file: string, results: readonly SuiteResult[]): void {
  mkdirSync(dirname(file), { recursive: true })
  appendFileSync(file, results.map((result) => `${JSON.stringify(result)}\n`).join(''))
}

/** The results in a tally; none when there is no such file. */
export function readTally(file: string): readonly SuiteResult[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as SuiteResult)
}
