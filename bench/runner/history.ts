import type { BenchmarkResult } from './benchmark-result.ts'
import { median, medianAbsoluteDeviation } from './statistics.ts'

/** How many results before the last one are looked at. */
const RESULTS = 10

/** The best value counts if so many results reached it, within this tolerance. */
const SUSTAINED_BY = 3
const SUSTAINED_TOLERANCE = 0.05

/** A change for the worse of up to this much is no alarm, nor one within so many deviations. */
const TOLERANCE = 0.15
const DEVIATIONS = 3

/** A case has become slower than it is known to be. */
export interface HistoryAlarm {
  readonly suite: string
  readonly case: string
  readonly engine: string
  /** The last score over the best sustained one, such that above 1 is worse. */
  readonly ratio: number
  /** What the ratio may be. */
  readonly limit: number
}

/**
 * Compares the last result of each case with those before it of the same machine, major version of
 * Node, and parameters: its normalised score with the best one that was sustained.
 *
 * @param results oldest first
 */
export function historyAlarms(results: readonly BenchmarkResult[]): readonly HistoryAlarm[] {
  const histories = new Map<string, BenchmarkResult[]>()
  for (const result of results) {
    if (!counts(result)) continue
    const series = seriesOf(result)
    histories.set(series, [...(histories.get(series) ?? []), result])
  }
  return [...histories.values()].flatMap((history) => {
    const last = history.at(-1) as BenchmarkResult
    const verdict = judgeHistory(history.map(costOf))
    if (verdict === undefined || verdict.ratio <= verdict.limit) return []
    return [{ suite: last.suite, case: last.case, engine: last.engine, ...verdict }]
  })
}

/** An alarm as people read it. */
export function alarmText({ suite, case: name, engine, ratio, limit }: HistoryAlarm): string {
  const [is, most] = [ratio.toFixed(2), limit.toFixed(2)]
  return `alarm ${suite} ${name} (${engine}): ${is} times the best sustained score, at most ${most}`
}

/**
 * Judges the last of some costs by those before it.
 *
 * @param costs oldest first, such that higher is worse
 * @returns undefined if too few came before it to tell
 */
export function judgeHistory(
  costs: readonly number[],
): Pick<HistoryAlarm, 'ratio' | 'limit'> | undefined {
  const before = costs.slice(-RESULTS - 1, -1)
  const best = bestSustained(before)
  if (best === undefined) return undefined
  const spread = medianAbsoluteDeviation(before) / median(before)
  const ratio = (costs.at(-1) as number) / best
  return { ratio, limit: 1 + Math.max(TOLERANCE, DEVIATIONS * spread) }
}

/** The lowest cost that several others come close to. */
function bestSustained(costs: readonly number[]): number | undefined {
  const sorted = costs.toSorted((left, right) => left - right)
  return sorted.find((cost, place) => {
    const reached = sorted[place + SUSTAINED_BY - 1]
    return reached !== undefined && reached <= cost * (1 + SUSTAINED_TOLERANCE)
  })
}

/** Whether the output was right, and the machine quiet at least once. */
function counts({ verification, samples }: BenchmarkResult): boolean {
  return verification.status !== 'FAILED' && samples.some((sample) => sample.void === null)
}

/** The normalised score, such that higher is worse. */
function costOf({ normalized, unit }: BenchmarkResult): number {
  return unit === 'ratio' ? 1 / normalized : normalized
}

/** Results with the same text can be compared. */
function seriesOf(result: BenchmarkResult): string {
  const { suite, case: name, engine, unit, machine, parameters, settings } = result
  const [nodeMajor] = machine.node.split('.')
  // The fingerprint tells minor versions of Node apart, over which a history goes on.
  const { fingerprint: _, node: _node, v8: _v8, ...host } = machine
  const texts = [suite, name, engine, unit, nodeMajor]
  return JSON.stringify([...texts, ...[host, parameters, settings].map(sorted)])
}

function sorted(fields: object): readonly (readonly [string, unknown])[] {
  return Object.entries(fields).sort(([left], [right]) => (left < right ? -1 : 1))
}
