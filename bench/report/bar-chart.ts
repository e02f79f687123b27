import type { BenchmarkResult } from '../runner/benchmark-result.ts'
import { formatValue } from '../runner/repeat.ts'
import type { SuiteRun } from './latest-runs.ts'

const WIDTH = 800
const LABEL_WIDTH = 240
const VALUE_WIDTH = 110
const ROW_HEIGHT = 24
const HEADER_HEIGHT = 40

/** One run as an SVG: a bar per case from zero, with the spread of its samples. */
export function barChart({ suite, results }: SuiteRun): string {
  const shown = results.filter(({ verification }) => verification.status !== 'FAILED')
  const units = [...new Set(shown.map(({ unit }) => unit))]
  const charts = units.map((unit) => shown.filter((result) => result.unit === unit))
  const height = charts.reduce((sum, rows) => sum + HEADER_HEIGHT + rows.length * ROW_HEIGHT, 0)
  let top = 0
  const parts = charts.flatMap((rows) => {
    const [first] = rows as [BenchmarkResult]
    const title = text(`${suite}, ${first.unit}, ${first.betterIs} is better`, 8, top + 25, 'title')
    const bars = barsOf(rows, top + HEADER_HEIGHT)
    top += HEADER_HEIGHT + rows.length * ROW_HEIGHT
    return [title, ...bars]
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height + 8}">`,
    '<style>text{font:13px sans-serif;fill:#333}.title{font-weight:bold}</style>',
    `<rect width="${WIDTH}" height="${height + 8}" fill="white"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

function barsOf(rows: readonly BenchmarkResult[], top: number): readonly string[] {
  const highest = Math.max(...rows.map(({ median, mad }) => median + mad))
  const scale = highest === 0 ? 0 : (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / highest
  return rows.flatMap((row, index) => {
    const y = top + index * ROW_HEIGHT
    const end = LABEL_WIDTH + row.median * scale
    const color = row.engine === 'millrace' ? '#2563eb' : '#94a3b8'
    const middle = y + ROW_HEIGHT / 2 - 2
    const [low, high] = [end - row.mad * scale, end + row.mad * scale]
    return [
      text(`${row.case} (${row.engine})`, 8, y + 15),
      `<rect x="${LABEL_WIDTH}" y="${y + 2}" width="${round(end - LABEL_WIDTH)}" height="16" fill="${color}"/>`,
      `<path d="M${round(low)} ${middle}H${round(high)}" stroke="#333"/>`,
      text(formatValue(row.median), round(high) + 6, y + 15),
    ]
  })
}

function text(value: string, x: number, y: number, className?: string): string {
  const attributes = className === undefined ? '' : ` class="${className}"`
  return `<text x="${x}" y="${y}"${attributes}>${escaped(value)}</text>`
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
