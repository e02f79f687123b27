import { describe, expect, it } from 'vitest'
import { resultWith, sampleWith } from '../runner/sample-fixture.ts'
import { barChart } from './bar-chart.ts'
import { latestRuns } from './latest-runs.ts'
import { textReport } from './text-report.ts'

const wrong = { status: 'FAILED', outputHash: null, reference: 'SQLite' } as const

describe('reports', () => {
  const old = resultWith({ suite: 'b', runId: 'old', case: 'old case' })
  const fast = resultWith({ suite: 'b', runId: 'new', case: 'x < y', samples: [sampleWith()] })
  const failed = resultWith({ suite: 'b', runId: 'new', case: 'bad', verification: wrong })
  const other = resultWith({ suite: 'a', runId: 'r', unit: 'ms', engine: 'peer' })
  const runs = latestRuns([old, other, fast, failed])

  it('show the last run of each suite', () => {
    expect(runs.map(({ suite, results }) => [suite, results.length])).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })

  it('give no figure for a wrong output', () => {
    const [, run] = runs
    const text = textReport(run as (typeof runs)[0])
    expect(text).toContain('| x < y | millrace 0.1.0 | 100 | 0.000 | records/s | 50.000 |')
    expect(text).toContain('| bad | millrace 0.1.0 | FAILED |  | records/s |  |')
    expect(text).not.toContain('old case')
  })

  it('draw a bar for each right result', () => {
    const [first, second] = runs.map(barChart)
    expect(first).toContain('a, ms, lower is better')
    expect(second).toContain('x &lt; y (millrace)')
    expect(second).not.toContain('bad')
    expect(second?.match(/<rect x=/g)).toHaveLength(1)
  })
})
