// Sums a tally into the one line that closes a run: `node scripts/test-summary.ts <tally file>`.

import { isGreen, readTally, summaryLine } from './suites/suite-result.ts'

const file = process.argv[2]
if (file === undefined) {
  console.error('usage: node scripts/test-summary.ts <tally file>')
  process.exit(2)
}
const results = readTally(file)
for (const result of results) {
  console.log(`${result.failed === 0 ? '✓' : '✗'} ${result.suite}: ${summaryLine([result])}`)
}
console.log(summaryLine(results))
process.exitCode = isGreen(results) ? 0 : 1
