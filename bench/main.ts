// The benchmarks:
//   pnpm bench list
//   pnpm bench run <suite...> [--quick] [--record]
// Ends with `floors: N of M held`; the exit code is 1 if one falls short or an output is wrong.

import { parseArgs } from 'node:util'
import type { BenchmarkResult } from './runner/benchmark-result.ts'
import { formatValue } from './runner/repeat.ts'
import { writeResults } from './runner/result-writer.ts'
import type { Floor, Suite } from './runner/suite.ts'
import { WrongOutput } from './runner/suite.ts'
import { SUITES } from './suites.ts'

const USAGE = 'usage: pnpm bench list | run <suite...> [--quick] [--record]'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  },
})
const [command, ...names] = positionals

if (command === 'list') list()
else if (command === 'run' && names.length > 0) process.exitCode = await run(names)
else if (command === 'sample' && process.send !== undefined) await sample(names)
else {
  console.error(USAGE)
  process.exitCode = 2
}

function list(): void {
  for (const { name, about } of SUITES.values()) console.log(`${name.padEnd(16)} ${about}`)
}

async function run(suites: readonly string[]): Promise<number> {
  const unknown = suites.filter((name) => !SUITES.has(name))
  if (unknown.length > 0) {
    console.error(
      `there is no suite ${unknown.join(', ')}; there are ${[...SUITES.keys()].join(', ')}`,
    )
    return 2
  }
  const floors: Floor[] = []
  let isWrong = false
  for (const name of suites) {
    try {
      floors.push(...(await runSuite(SUITES.get(name) as Suite)))
    } catch (error) {
      if (!(error instanceof WrongOutput)) throw error
      console.log(`${name}: ${error.message}`)
      isWrong = true
    }
  }
  for (const { name, actual, atLeast } of floors) {
    const verdict = actual >= atLeast ? 'held' : 'MISSED'
    console.log(
      `floor ${name}: ${formatValue(actual)}, at least ${formatValue(atLeast)}: ${verdict}`,
    )
  }
  const held = floors.filter(({ actual, atLeast }) => actual >= atLeast).length
  console.log(`floors: ${held} of ${floors.length} held`)
  return isWrong || held < floors.length ? 1 : 0
}

async function runSuite(suite: Suite): Promise<readonly Floor[]> {
  const progress = (line: string): void => console.log(`  ${line}`)
  console.log(suite.name)
  const { results, floors } = await suite.run({ quick: values.quick, progress })
  for (const result of results) console.log(summary(result))
  if (values.record) console.log(`recorded: bench/results/${writeResults(results)}`)
  return floors
}

function summary({ suite, case: name, median, mad, unit, samples }: BenchmarkResult): string {
  const counted = samples.filter((sample) => sample.void === null).length
  const spread = `± ${formatValue(mad)} ${unit}`
  return `${suite} ${name}: ${formatValue(median)} ${spread} (${counted} of ${samples.length} samples)`
}

async function sample([suite = '', name = '']: readonly string[]): Promise<void> {
  const report = await SUITES.get(suite)?.sample(name, values.quick)
  await new Promise((resolve) => process.send?.(report, resolve))
  process.disconnect()
}
