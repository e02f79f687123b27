import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { barChart } from '../report/bar-chart.ts'
import { latestRuns } from '../report/latest-runs.ts'
import { textReport } from '../report/text-report.ts'
import { alarmText, historyAlarms } from '../runner/history.ts'
import { readResults } from '../runner/result-reader.ts'

/** Not kept in the repository: everything in it follows from the result files. */
const OUTPUT = fileURLToPath(new URL('../build/', import.meta.url))

/**
 * Makes a text and a plot of the last run of each suite, and says what became slower.
 *
 * @returns the exit code
 */
export function reportResults(): number {
  const results = readResults()
  const runs = latestRuns(results)
  mkdirSync(OUTPUT, { recursive: true })
  const text = runs.map(textReport).join('\n')
  console.log(text)
  writeFileSync(join(OUTPUT, 'report.md'), text)
  for (const run of runs) writeFileSync(join(OUTPUT, `${run.suite}.svg`), barChart(run))
  console.log(`written: ${relative(process.cwd(), OUTPUT)}`)
  const alarms = historyAlarms(results)
  for (const alarm of alarms) console.log(alarmText(alarm))
  return alarms.length > 0 ? 1 : 0
}
