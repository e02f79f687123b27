import type { BenchmarkResult } from '../runner/benchmark-result.ts'
import { alarmText, historyAlarms } from '../runner/history.ts'
import { formatValue } from '../runner/repeat.ts'
import { readResults } from '../runner/result-reader.ts'
import { ResultFile } from '../runner/result-writer.ts'
import {
  type Floor,
  type RunOptions,
  type Suite,
  type SuiteOutcome,
  WrongOutput,
} from '../runner/suite.ts'
import { SUITES } from '../suites.ts'

/** What `pnpm bench run` may be told. */
export interface RunSuitesOptions extends Pick<RunOptions, 'quick' | 'repeats' | 'only' | 'peers'> {
  /** Writes the results to files. */
  readonly record: boolean
}

/** The exit code of a program that was ended by Ctrl-C. */
const INTERRUPTED = 130

/** Runs suites one after another and says which floors held. @returns the exit code */
export async function runSuites(
  names: readonly string[],
  options: RunSuitesOptions,
): Promise<number> {
  const unknown = names.filter((name) => !SUITES.has(name))
  if (unknown.length > 0) {
    const known = [...SUITES.keys()].join(', ')
    console.error(`there is no suite ${unknown.join(', ')}; there are ${known}`)
    return 2
  }
  const controller = new AbortController()
  process.once('SIGINT', () => {
    console.log('interrupted: what was measured so far is kept')
    controller.abort()
  })
  const { signal } = controller
  const floors: Floor[] = []
  const failed: string[] = []
  for (const name of names) {
    if (signal.aborted) break
    try {
      const outcome = await runSuite(SUITES.get(name) as Suite, options, signal)
      floors.push(...outcome.floors)
      failed.push(...(outcome.failed ?? []).map((one) => `${name} ${one}`))
    } catch (error) {
      if (!(error instanceof WrongOutput)) throw error
      console.log(`${name}: ${error.message}`)
      failed.push(name)
    }
  }
  if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
  const allHeld = reportFloors(floors)
  if (signal.aborted) return INTERRUPTED
  return failed.length > 0 || !allHeld ? 1 : 0
}

async function runSuite(
  suite: Suite,
  { quick, repeats, only, peers, record }: RunSuitesOptions,
  signal: AbortSignal,
): Promise<SuiteOutcome> {
  const progress = (line: string): void => console.log(`  ${line}`)
  console.log(suite.name)
  const file = record ? new ResultFile() : undefined
  const keep = (results: readonly BenchmarkResult[]): void => {
    if (results.length > 0) file?.write(results)
  }
  const outcome = await suite.run({ quick, repeats, only, peers, progress, signal, keep })
  const { results } = outcome
  for (const result of results) console.log(summary(result))
  if (!quick) reportAlarms(results)
  if (file !== undefined && results.length > 0) {
    console.log(`recorded: bench/results/${file.write(results)}`)
  }
  return outcome
}

/** Says which results are worse than the recorded ones before them. */
function reportAlarms(results: readonly BenchmarkResult[]): void {
  const cases = new Set(results.map(({ suite, case: name }) => `${suite} ${name}`))
  const alarms = historyAlarms([...readResults(), ...results])
  const ofThese = alarms.filter(({ suite, case: name }) => cases.has(`${suite} ${name}`))
  for (const alarm of ofThese) console.log(alarmText(alarm))
}

/** @returns whether all held */
function reportFloors(floors: readonly Floor[]): boolean {
  for (const floor of floors) {
    const { name, actual, atLeast, atMost } = floor
    const bound =
      atMost === undefined
        ? `at least ${formatValue(atLeast as number)}`
        : `at most ${formatValue(atMost)}`
    const verdict = isHeld(floor) ? 'held' : 'MISSED'
    console.log(`floor ${name}: ${formatValue(actual)}, ${bound}: ${verdict}`)
  }
  const held = floors.filter(isHeld).length
  console.log(`floors: ${held} of ${floors.length} held`)
  return held === floors.length
}

function isHeld({ actual, atLeast, atMost }: Floor): boolean {
  return atMost === undefined ? actual >= (atLeast as number) : actual <= atMost
}

function summary(result: BenchmarkResult): string {
  const { suite, case: name, median, mad, unit, samples, recordsPerCpuSecond, engine } = result
  const counted = samples.filter((sample) => sample.void === null).length
  const perCpu =
    unit === 'records/s' && recordsPerCpuSecond !== null
      ? `, ${formatValue(recordsPerCpuSecond)} per CPU-second`
      : ''
  const spread = `${formatValue(median)} ± ${formatValue(mad)} ${unit}${perCpu}`
  const checked = `output ${result.verification.status}`
  return `${suite} ${name} (${engine}): ${spread}; ${checked}, ${counted} of ${samples.length} samples`
}
