// Runs every check of the repository that is no test: `node scripts/check.ts`.

import { runChecks } from './suites/repository-checks.ts'
import { isGreen, summaryLine } from './suites/suite-result.ts'

const result = await runChecks()
console.log(summaryLine([result]))
process.exitCode = isGreen([result]) ? 0 : 1
