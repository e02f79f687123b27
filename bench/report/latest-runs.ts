/** `report/` makes texts and plots of result files, and of nothing else. */

import type { BenchmarkResult } from '../runner/benchmark-result.ts'

/** The results of one run of a suite. */
export interface SuiteRun {
  readonly suite: string
  readonly results: readonly BenchmarkResult[]
}

/** The last run of each suite, by suite. Results come oldest first. */
export function latestRuns(results: readonly BenchmarkResult[]): readonly SuiteRun[] {
  const suites = [...new Set(results.map(({ suite }) => suite))].sort()
  return suites.map((suite) => {
    const ofSuite = results.filter((result) => result.suite === suite)
    const runId = ofSuite.at(-1)?.runId
    return { suite, results: ofSuite.filter((result) => result.runId === runId) }
  })
}
