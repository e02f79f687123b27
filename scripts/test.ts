// Runs suites of tests and closes with one line that sums them:
//   node scripts/test.ts [suite...] [--tally <file>]
// Without names it runs the everyday suites. `--tally` also appends the counts to a file that
// `scripts/test-summary.ts` sums.

import { parseArgs } from 'node:util'
import { appendToTally, isGreen, type SuiteResult, summaryLine } from './suites/suite-result.ts'
import { clearResults, SUITES } from './suites/suites.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tally: { type: 'string' } },
})
const unknown = positionals.filter((name) => !SUITES.some((suite) => suite.name === name))
if (unknown.length > 0) {
  const names = SUITES.map((suite) => suite.name).join(', ')
  console.error(`no suite is called ${unknown.join(', ')}; the suites are ${names}`)
  process.exit(2)
}
const chosen = SUITES.filter((suite) =>
  positionals.length === 0 ? suite.everyday : positionals.includes(suite.name),
)
if (positionals.length === 0) clearResults()
const tally = values.tally ?? process.env.MILLRACE_TALLY
const results: SuiteResult[] = []
for (const suite of chosen) {
  console.log(`\n== ${suite.name}`)
  const result = await suite.run()
  results.push(result)
  if (tally !== undefined) appendToTally(tally, [result])
}
console.log('')
for (const result of results) {
  console.log(`${result.failed === 0 ? '✓' : '✗'} ${result.suite}: ${summaryLine([result])}`)
}
console.log(summaryLine(results))
process.exitCode = isGreen(results) ? 0 : 1
