import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plantRepository } from '../checks/planted-repository.ts'
import { repositoryChecks } from './repository-checks.ts'
import { REPOSITORY, runCommand } from './run-command.ts'
import { appendToTally, isGreen, readTally, type SuiteResult, summaryLine } from './suite-result.ts'
import { SUITES } from './suites.ts'
import { countReport, type VitestReport } from './vitest-suite.ts'

const result = (passed: number, failed: number, skipped: number = 0): SuiteResult => ({
  suite: 'a',
  passed,
  failed,
  skipped,
})

describe('the summary', () => {
  it('sums all suites and names skipped tests only when there are any', () => {
    expect(summaryLine([result(2, 0), result(3, 1)])).toBe('5 passed, 1 failed')
    expect(summaryLine([result(2, 0, 4), result(3, 1, 1)])).toBe('5 passed, 1 failed, 5 skipped')
    expect(summaryLine([])).toBe('0 passed, 0 failed')
  })

  it('is green when something ran and nothing failed', () => {
    expect(isGreen([result(1, 0, 1), result(0, 0)])).toBe(true)
    expect(isGreen([result(5, 1)])).toBe(false)
    expect(isGreen([result(0, 0, 3)])).toBe(false)
    expect(isGreen([])).toBe(false)
  })

  it('comes from a tally that several runs append to', () => {
    const planted = plantRepository({})
    const tally = join(planted, 'deep', 'tally')
    expect(readTally(tally)).toEqual([])
    appendToTally(tally, [result(1, 0)])
    appendToTally(tally, [result(2, 3), result(4, 0, 5)])
    expect(readTally(tally)).toEqual([result(1, 0), result(2, 3), result(4, 0, 5)])
  })

  it('is printed as the last line, with an exit code', async () => {
    const planted = plantRepository({})
    const tally = join(planted, 'tally')
    const args = [join(REPOSITORY, 'scripts', 'test-summary.ts'), tally]
    appendToTally(tally, [result(2, 0)])
    const good = await runCommand({ folder: '.', program: 'node', args }, false)
    expect([good.ok, good.output.trimEnd().split('\n').at(-1)]).toEqual([
      true,
      '2 passed, 0 failed',
    ])
    appendToTally(tally, [result(1, 1, 1)])
    const bad = await runCommand({ folder: '.', program: 'node', args }, false)
    const last = bad.output.trimEnd().split('\n').at(-1)
    expect([bad.ok, last]).toEqual([false, '3 passed, 1 failed, 1 skipped'])
  })
})

describe('the count of a vitest run', () => {
  const report = (passed: number, failed: number, files: VitestReport['testResults'] = []) => ({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: files,
  })

  it('is that of its report', () => {
    expect(countReport('a', true, report(3, 0))).toEqual(result(3, 0, 3))
    expect(countReport('a', false, report(3, 2))).toEqual(result(3, 2, 3))
  })

  it('takes a file that does not load for a failed test', () => {
    const broken = { status: 'failed', assertionResults: [] }
    const counted = { status: 'failed', assertionResults: [{ status: 'failed' }] }
    expect(countReport('a', false, report(3, 1, [broken, counted]))).toEqual(result(3, 2, 3))
  })

  it('is a failure when vitest fails without a failed test, a report or a test', () => {
    expect(countReport('a', false, report(3, 0))).toEqual(result(3, 1, 3))
    expect(countReport('a', false, undefined)).toEqual(result(0, 1))
    const empty = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, testResults: [] }
    expect(countReport('a', true, empty)).toEqual(result(0, 1))
  })
})

describe('commands', () => {
  it('run on the pinned Node and report output and failure', async () => {
    const args = ['-p', 'process.execPath']
    const good = await runCommand({ folder: 'scripts', program: 'node', args }, false)
    expect([good.ok, good.output.trim()]).toEqual([true, process.execPath])
    const bad = await runCommand(
      { folder: '.', program: 'node', args: ['-e', 'process.exit(2)'] },
      false,
    )
    expect(bad.ok).toBe(false)
    const missing = await runCommand({ folder: '.', program: 'no-such-program', args: [] }, false)
    expect([missing.ok, missing.output]).toEqual([
      false,
      expect.stringContaining('no-such-program'),
    ])
  })
})

describe('the suites', () => {
  it('have names of their own and the scripts of package.json know the others', () => {
    const names = SUITES.map((suite) => suite.name)
    expect(new Set(names).size).toBe(names.length)
    const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'))
    for (const { name } of SUITES.filter((suite) => !suite.everyday)) {
      expect(scripts[`test:${name}`]).toMatch(new RegExp(`scripts/test\\.ts ${name}$`))
    }
  })

  it('check every package that has a tsconfig.json', () => {
    const names = repositoryChecks().map((check) => check.name)
    expect(names).toContain('types of engine')
    expect(names).toContain('types of scripts')
    expect(names).toContain('layers')
  })
})
