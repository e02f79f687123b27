import { sampleInChild } from '../runner/child-sample.ts'
import { judgePairs, type PairVerdict } from '../runner/regression.ts'
import { chosen, formatValue, interleaved, voidOf } from '../runner/repeat.ts'
import type { ChildReport, ComparedCase, Suite } from '../runner/suite.ts'
import { SUITES } from '../suites.ts'
import { type CommitWorktree, checkOutCommit } from './commit-worktree.ts'

/** What `pnpm bench compare` may be told. */
export interface CompareOptions {
  /** Default: the floor job. */
  readonly suite: string | undefined
  /** Only these cases; empty for all. */
  readonly only: readonly string[]
  readonly quick: boolean
}

const DEFAULT_SUITE = 'windowed-count'
const PAIRS = 5

/** A regression counts once it was seen so often in a row. */
const ATTEMPTS = 3

/**
 * Measures two commits in turn and says whether the second is slower.
 *
 * @returns the exit code: 1 if it is in some case
 */
export async function compareCommits(
  commits: readonly [string, string],
  { suite: suiteName = DEFAULT_SUITE, only, quick }: CompareOptions,
): Promise<number> {
  const suite = SUITES.get(suiteName)
  if (suite === undefined) {
    console.error(`there is no suite ${suiteName}; there are ${[...SUITES.keys()].join(', ')}`)
    return 2
  }
  const names = chosen(
    suite.compared.map((one) => one.case),
    only,
  )
  const worktrees: CommitWorktree[] = []
  try {
    for (const commit of commits) {
      console.log(`installing ${commit}`)
      worktrees.push(checkOutCommit(commit))
    }
    const mains = worktrees.map(({ main }) => main)
    let regressions = 0
    for (const one of suite.compared.filter((compared) => names.includes(compared.case))) {
      if (await isRegression(suite, one, mains, quick)) regressions++
    }
    console.log(`regressions: ${regressions} of ${names.length} cases`)
    return regressions > 0 ? 1 : 0
  } finally {
    for (const worktree of worktrees) worktree.remove()
  }
}

async function isRegression(
  suite: Suite,
  compared: ComparedCase,
  mains: readonly string[],
  quick: boolean,
): Promise<boolean> {
  const name = `${suite.name} ${compared.case}`
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const reports = await interleaved(['before', 'after'], {
      repeats: PAIRS,
      take: (side) =>
        sampleInChild(suite.name, compared.sample, quick, mains[side === 'before' ? 0 : 1]),
      progress: (line) => console.log(`  ${name} ${line}`),
    })
    const pairs = pairRatios(reports.get('before') ?? [], reports.get('after') ?? [], compared)
    if (pairs.length === 0) {
      console.log(`${name}: no valid pair, the machine is too busy`)
      return false
    }
    const verdict = judgePairs(pairs)
    console.log(`${name}, attempt ${attempt} of ${ATTEMPTS}: ${verdictText(verdict)}`)
    if (!verdict.isRegression) return false
  }
  return true
}

/** After over before of each pair of valid samples, such that above 1 is worse. */
export function pairRatios(
  before: readonly ChildReport[],
  after: readonly ChildReport[],
  { case: name, betterIs }: ComparedCase,
): readonly number[] {
  const valuesOf = (reports: readonly ChildReport[]): readonly number[] =>
    reports
      .filter((report) => voidOf(report) === null)
      .flatMap(({ samples }) => samples[name]?.value ?? [])
  const afterValues = valuesOf(after)
  return valuesOf(before)
    .slice(0, afterValues.length)
    .map((value, index) => {
      const other = afterValues[index] as number
      return betterIs === 'lower' ? other / value : value / other
    })
}

function verdictText({ ratio, mad, interval, isRegression }: PairVerdict): string {
  const [low, high] = interval.map(formatValue)
  const spread = `± ${formatValue(mad)}, 95 % in ${low} to ${high}`
  return `takes ${formatValue(ratio)} x as long (${spread}): ${isRegression ? 'REGRESSION' : 'none'}`
}
