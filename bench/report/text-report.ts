import type { BenchmarkResult } from '../runner/benchmark-result.ts'
import { formatValue } from '../runner/repeat.ts'
import type { SuiteRun } from './latest-runs.ts'

/** One run as a table of Markdown, with what it was measured on. */
export function textReport({ suite, results }: SuiteRun): string {
  const [first] = results
  if (first === undefined) return ''
  const { machine, startedAt, commit, dirty } = first
  const version = `commit ${commit?.slice(0, 7) ?? 'none'}${dirty ? ' with changes' : ''}`
  const cores = `${machine.logicalCores} cores of ${machine.cpuModel}`
  const rows = results.map(rowOf)
  return [
    `## ${suite}`,
    '',
    `${startedAt.slice(0, 10)}, ${version}, ${cores}, Node ${machine.node}`,
    '',
    '| case | engine | median | ± | unit | per CPU-second | memory | output | samples |',
    '| --- | --- | --: | --: | --- | --: | --: | --- | --: |',
    ...rows,
    '',
  ].join('\n')
}

function rowOf(result: BenchmarkResult): string {
  const valid = result.samples.filter((sample) => sample.void === null).length
  const { recordsPerCpuSecond: rate, unit, verification } = result
  const isRight = verification.status !== 'FAILED'
  const cells = [
    result.case,
    `${result.engine} ${result.engineVersion}`,
    isRight ? formatValue(result.median) : 'FAILED',
    isRight ? formatValue(result.mad) : '',
    unit,
    isRight && rate !== null ? formatValue(rate) : '',
    `${(result.peakRssBytes / 2 ** 20).toFixed(0)} MiB`,
    verification.status,
    `${valid} of ${result.samples.length}`,
  ]
  return `| ${cells.join(' | ')} |`
}
